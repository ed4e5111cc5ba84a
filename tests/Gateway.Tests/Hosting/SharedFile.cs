namespace AspireGateway.Gateway.Tests.Hosting;

/// <summary>A file that another program, or another part of this one, has open to write.</summary>
internal static class SharedFile
{
    /// <summary>What is in it at this moment.</summary>
    public static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
