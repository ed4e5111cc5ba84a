namespace AspireGateway.IdentityProvider.Storage;

/// <summary>The folder that keeps database and keys between runs. Only its owner can read it, where the system knows owners.</summary>
internal sealed class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private DataFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>The folder, or null where everything stays in memory.</summary>
    public static DataFolder? From(IdentityProviderOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            return null;
        }

        // One folder may serve both realms: each keeps to a subfolder of its own.
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(options.DataDirectory), options.Realm);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }

        return new DataFolder(path);
    }

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Creates an empty file that only its owner can read; an existing one stays as it is.</summary>
    public string Touch(string name)
    {
        var path = Combine(name);
        using (Open(path, FileMode.OpenOrCreate)) { }
        return path;
    }

    /// <summary>The file's text; at the first run what <paramref name="create"/> makes, written in one step.</summary>
    public string ReadOrCreate(string name, Func<string> create)
    {
        var path = Combine(name);
        if (!File.Exists(path))
        {
            var temporary = path + ".new";
            using (var writer = new StreamWriter(Open(temporary, FileMode.Create)))
            {
                writer.Write(create());
            }

            // A process that dies half-way leaves no half key behind.
            File.Move(temporary, path, overwrite: true);
        }

        return File.ReadAllText(path);
    }

    private static FileStream Open(string path, FileMode mode) =>
        OperatingSystem.IsWindows()
            ? new FileStream(path, mode, FileAccess.Write)
            : new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = mode,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                }
            );
}
