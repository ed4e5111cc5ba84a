using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>Where the SQLite database and the development key lie. Only their owner can read them, where the system knows owners.</summary>
internal sealed class VaultFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public VaultFolder(IOptions<VaultOptions> options)
        : this(options.Value.FullDataPath)
    {
        if (options.Value.Reset)
        {
            Delete();
        }
    }

    public VaultFolder(string path) => FullPath = path;

    public string FullPath { get; }

    public string Database => Path.Combine(FullPath, "vault.db");

    public string KeyFile => Path.Combine(FullPath, "vault.key");

    /// <summary>Held by the process that changes the database's tables.</summary>
    public string LockFile => Path.Combine(FullPath, "vault.lock");

    public void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(FullPath);
        }
        else
        {
            Directory.CreateDirectory(FullPath, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Makes an empty file that only its owner can read; one that exists stays as it is.</summary>
    public void Touch(string path)
    {
        Create();
        using (Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite)) { }
    }

    /// <summary>Writes a file in one step, unless there is one: of several processes the first wins, and none sees half a file.</summary>
    public void WriteOnce(string path, string text)
    {
        Create();
        var temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}";
        try
        {
            using (var writer = new StreamWriter(Open(temporary, FileMode.CreateNew, FileShare.None)))
            {
                writer.Write(text);
            }

            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public static FileStream Open(string path, FileMode mode, FileShare share) =>
        OperatingSystem.IsWindows()
            ? new FileStream(path, mode, FileAccess.ReadWrite, share)
            : new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = mode,
                    Access = FileAccess.ReadWrite,
                    Share = share,
                    UnixCreateMode = OwnerOnly,
                }
            );

    private void Delete()
    {
        foreach (var file in new[] { Database, Database + "-wal", Database + "-shm", KeyFile })
        {
            if (File.Exists(file))
            {
                File.Delete(file);
            }
        }
    }
}
