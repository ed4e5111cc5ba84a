namespace AspireGateway.Gateway.Audit.Verification;

/// <summary>A line of a file.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Bytes">Without its end.</param>
/// <param name="IsWhole">Whether it has an end.</param>
internal readonly record struct Line(int Number, byte[] Bytes, bool IsWhole);

/// <summary>Reads the lines of a file that may still be written.</summary>
internal static class LineReader
{
    private const int ChunkSize = 64 * 1024;

    // A record is far smaller; a file without line ends must not fill the memory.
    private const int LongestLine = 1024 * 1024;

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IEnumerable<Line> Read(string path)
    {
        using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0
        );
        var buffer = new byte[ChunkSize];
        var (start, end, number) = (0, 0, 0);
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return new Line(++number, buffer[start..(start + length)], IsWhole: true);
                start += length + 1;
                continue;
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length)
            {
                if (end >= LongestLine)
                {
                    yield return new Line(++number, buffer, IsWhole: false);
                    yield break;
                }

                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = file.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        if (end > 0)
        {
            yield return new Line(number + 1, buffer[..end], IsWhole: false);
        }
    }
}
