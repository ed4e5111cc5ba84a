using System.Buffers.Binary;

namespace AspireGateway.Gateway.Audit.Journals;

/// <summary>
/// A journal's file, <c>{chain}.journal</c>: two halves, each with a header (turn in 64 bits and bytes in use in 32 bits, little-endian) and then
/// its records (length in 32 bits, bytes). A turn of 0 is an empty half; of two, the one with the smaller turn came first.
/// </summary>
internal static class JournalFormat
{
    public const int HeaderBytes = sizeof(long) + sizeof(int);

    /// <summary>What a half holds: some 700 calls.</summary>
    public const int HalfBytes = (640 * 1024) - HeaderBytes;

    public const int FileBytes = 2 * (HeaderBytes + HalfBytes);

    private const string Extension = ".journal";

    public static string PathOf(string folder, string chain) => Path.Combine(folder, chain + Extension);

    /// <summary>Journals of a folder, with the chain of each.</summary>
    public static IReadOnlyList<(string Path, string Chain)> In(string folder) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*" + Extension)
                    .Select(static path => (path, Path.GetFileNameWithoutExtension(path))),
            ]
            : [];

    public static int HeaderOf(int half) => half * (HeaderBytes + HalfBytes);

    public static int StartOf(int half) => HeaderOf(half) + HeaderBytes;

    public static int FrameBytes(int length) => sizeof(int) + length;

    /// <summary>Opens the journal of a process that is gone; null while its process lives, or where that cannot be told.</summary>
    public static FileStream? TryOpenLeft(string path)
    {
        try
        {
            return OwnerOnly.Open(path, FileMode.Open, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether the process of a chain lives, as far as its journal tells: without one it may live or not.</summary>
    public static bool IsHeld(string folder, string chain)
    {
        var path = PathOf(folder, chain);
        if (!File.Exists(path))
        {
            return false;
        }

        using var left = TryOpenLeft(path);
        return left is null;
    }

    /// <summary>The records of a journal, in the order in which they came.</summary>
    /// <exception cref="InvalidDataException">It is too long to be one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static List<byte[]> Read(FileStream file)
    {
        if (file.Length > FileBytes)
        {
            throw new InvalidDataException($"{file.Name} is no journal");
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Read(bytes);
    }

    /// <summary>The same from its bytes. What does not fit ends its half: it was never finished.</summary>
    public static List<byte[]> Read(ReadOnlySpan<byte> file)
    {
        var records = new List<byte[]>();
        var halves = new List<(int Half, long Turn, int Used)>();
        for (var half = 0; half < 2 && file.Length == FileBytes; half++)
        {
            var header = file[HeaderOf(half)..];
            var turn = BinaryPrimitives.ReadInt64LittleEndian(header);
            var used = BinaryPrimitives.ReadInt32LittleEndian(header[sizeof(long)..]);
            if (turn > 0 && used is > 0 and <= HalfBytes)
            {
                halves.Add((half, turn, used));
            }
        }

        foreach (var (half, _, used) in halves.OrderBy(static one => one.Turn))
        {
            var left = file.Slice(StartOf(half), used);
            while (left.Length > sizeof(int))
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(left);
                if (length <= 0 || length > left.Length - sizeof(int))
                {
                    break;
                }

                records.Add(left.Slice(sizeof(int), length).ToArray());
                left = left[FrameBytes(length)..];
            }
        }

        return records;
    }
}
