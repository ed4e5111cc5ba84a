namespace AspireGateway.Gateway.Vault;

/// <summary>Section <c>Gateway:Vault</c>.</summary>
internal sealed class VaultOptions
{
    public const string Section = "Gateway:Vault";

    /// <summary>Name of the connection string that moves the vault to PostgreSQL.</summary>
    public const string ConnectionName = "gateway";

    /// <summary>Folder of the SQLite database and of the development key. Relative paths start at the data directory of the user account.</summary>
    public string DataPath { get; set; } = "";

    /// <summary>Key-encryption keys: the active one seals, all of them open.</summary>
    public IList<KeyOptions> Keys { get; } = [];

    /// <summary>Id of the key that seals. Not needed where there is only one.</summary>
    public string? ActiveKey { get; set; }

    /// <summary>Deletes the SQLite database and the development key at start. Development only.</summary>
    public bool Reset { get; set; }

    /// <summary>How many opened grants are remembered, about: enough for 10,000 people at 5 targets each.</summary>
    public int CacheSize { get; set; } = 60_000;

    /// <summary>Absolute path of the folder.</summary>
    public string FullDataPath =>
        Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.DoNotVerify
            ),
            "AspireGateway",
            DataPath
        );
}

/// <summary>A key-encryption key: 32 bytes in base64, here or in a file.</summary>
internal sealed class KeyOptions
{
    /// <summary>Names the key in the database. Never give a new key an old name.</summary>
    public string Id { get; set; } = "";

    /// <summary>The key itself.</summary>
    public string? Value { get; set; }

    /// <summary>A file that holds it, for example a mounted secret.</summary>
    public string? File { get; set; }
}
