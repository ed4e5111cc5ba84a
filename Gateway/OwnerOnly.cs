namespace AspireGateway.Gateway;

/// <summary>Folders and files that only their owner can read, where the system knows owners.</summary>
internal static class OwnerOnly
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder = File | UnixFileMode.UserExecute;

    /// <summary>Makes a folder; one that exists stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Folder);
        }
    }

    /// <summary>Opens a file without a buffer of its own, to read and write.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (mode is not FileMode.Open && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File;
        }

        return new FileStream(path, options);
    }

    /// <summary>Writes a file in one step, unless there is one: of several processes the first wins, and none sees half a file.</summary>
    public static void WriteOnce(string path, string text)
    {
        CreateFolder(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}";
        try
        {
            using (var writer = new StreamWriter(Open(temporary, FileMode.CreateNew, FileShare.None)))
            {
                writer.Write(text);
            }

            System.IO.File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (System.IO.File.Exists(path))
        {
            // Another process was faster.
        }
        finally
        {
            System.IO.File.Delete(temporary);
        }
    }
}
