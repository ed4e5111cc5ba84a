namespace AspireGateway.IdentityProvider.Registration;

internal static class LimitedReader
{
    /// <summary>All bytes of the stream, or null where there are more than <paramref name="limit"/>.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[limit + 1];
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return count > limit ? null : buffer[..count];
    }
}
