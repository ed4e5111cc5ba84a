namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>What a session id holds, sealed.</summary>
internal sealed record SealedSession(
    string Target,
    string Url,
    string Issuer,
    string Subject,
    string Id,
    DateTimeOffset ExpiresAt
)
{
    public byte[] Write()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(ExpiresAt.UtcTicks);
        foreach (var part in (string[])[Target, Url, Issuer, Subject, Id])
        {
            writer.Write(part);
        }

        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="IOException">It is something else.</exception>
    public static SealedSession Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var expiresAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        return new(
            reader.ReadString(),
            reader.ReadString(),
            reader.ReadString(),
            reader.ReadString(),
            reader.ReadString(),
            expiresAt
        );
    }
}
