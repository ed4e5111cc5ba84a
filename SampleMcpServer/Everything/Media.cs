using System.Buffers.Binary;

namespace AspireGateway.SampleMcpServer.Everything;

/// <summary>The smallest picture and the shortest sound that programs can open.</summary>
internal static class Media
{
    /// <summary>One red pixel, <c>image/png</c>.</summary>
    public static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
    );

    /// <summary>A hundredth of a second of silence, <c>audio/wav</c>.</summary>
    public static readonly byte[] Silence = CreateSilence();

    private static byte[] CreateSilence()
    {
        const int samplesPerSecond = 8000;
        const int samples = samplesPerSecond / 100;
        const int header = 44;
        var wav = new byte[header + samples];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        // PCM, one channel, eight bits for each sample.
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), samplesPerSecond);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), samplesPerSecond);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 8);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), samples);
        // Silence of eight bits is the middle of the range.
        wav.AsSpan(header).Fill(128);
        return wav;
    }
}
