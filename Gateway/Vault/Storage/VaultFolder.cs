using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>Where the SQLite database and the development key lie. Only their owner can read them, where the system knows owners.</summary>
internal sealed class VaultFolder
{
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

    /// <summary>Makes an empty file that only its owner can read; one that exists stays as it is.</summary>
    public void Touch(string path)
    {
        OwnerOnly.CreateFolder(FullPath);
        using (OwnerOnly.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite)) { }
    }

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
