using System.Buffers.Binary;

namespace AspireGateway.Gateway.Audit.Journals;

/// <summary>
/// A journal's file, <c>{chain}.journal</c>: two halves, each with a header (turn in 64 bits and bytes in use in 32 bits, little-endian) and then
/// its records (length in 32 bits, bytes). A length below zero is that of what is added to a record of the half: behind it is where that
/// record stands, in 32 bits. A turn of 0 is an empty half; of two, the one with the smaller turn came first.
/// </summary>
internal static class JournalFormat
{
    public const int HeaderBytes = sizeof(long) + sizeof(int);

    /// <summary>Bytes before a record.</summary>
    public const int RecordHeadBytes = sizeof(int);

    /// <summary>Bytes before what is added to one.</summary>
    public const int OutcomeHeadBytes = 2 * sizeof(int);

    /// <summary>What a half holds: some 1400 calls.</summary>
    public const int HalfBytes = (640 * 1024) - HeaderBytes;

    /// <summary>
    /// When a half should be written. Each byte is copied three times on its way to the segment: what stays in a core's cache costs less than
    /// fewer and larger writes save. The rest of a half is for what comes while a disk is slow.
    /// </summary>
    public const int BatchBytes = 64 * 1024;

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

        var records = new List<byte[]>();
        foreach (var (half, _, used) in halves.OrderBy(static one => one.Turn))
        {
            records.AddRange(ReadHalf(file.Slice(StartOf(half), used)));
        }

        return records;
    }

    private static List<byte[]> ReadHalf(ReadOnlySpan<byte> half)
    {
        // By where they stand, which is also their order.
        var records = new SortedDictionary<int, byte[]>();
        var ended = new HashSet<int>();
        var at = 0;
        while (half.Length - at > RecordHeadBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(half[at..]);
            var head = length < 0 ? OutcomeHeadBytes : RecordHeadBytes;
            var start = at + head;
            if (length is 0 or int.MinValue || Math.Abs(length) > half.Length - start)
            {
                break;
            }

            var bytes = half.Slice(start, Math.Abs(length));
            if (length > 0)
            {
                records[at] = bytes.ToArray();
            }
            else
            {
                var record = BinaryPrimitives.ReadInt32LittleEndian(half[(at + sizeof(int))..]);
                if (!records.TryGetValue(record, out var body) || !ended.Add(record))
                {
                    break;
                }

                records[record] = [.. body, .. bytes];
            }

            at = start + bytes.Length;
        }

        return [.. records.Values];
    }
}
