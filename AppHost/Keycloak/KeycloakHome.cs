namespace AspireGateway.AppHost.Keycloak;

/// <summary>
/// The folder that Keycloak runs in. Its database is kept as long as realm files and values are those it was filled from, so
/// that clients which registered themselves, consents and sessions survive a restart, and the restart is fast.
/// </summary>
internal sealed class KeycloakHome(string folder, RealmFiles realms)
{
    private string _fingerprint = string.Empty;

    /// <summary>The program that starts it.</summary>
    public string Script { get; } = Path.Combine(folder, KeycloakInstallation.Script);

    public string Folder { get; } = folder;

    private string Data => Path.Combine(Folder, "data");

    private string Made => Path.Combine(Folder, "made-from");

    private string Imported => Path.Combine(Data, "imported-from");

    /// <summary>Makes everything as it must be before Keycloak starts.</summary>
    /// <param name="installation">Which Keycloak.</param>
    /// <param name="compiled">Folder with its compiled part.</param>
    /// <param name="values">What fills the database, besides the realm files.</param>
    public void Prepare(
        KeycloakInstallation installation,
        string compiled,
        IEnumerable<KeyValuePair<string, string>> values
    )
    {
        if (Read(Made) != compiled)
        {
            Directory.CreateDirectory(Folder);
            File.Delete(Made);
            KeycloakOverlay.Create(Folder, installation, compiled);
            File.WriteAllText(Made, compiled);
        }

        _fingerprint = realms.Fingerprint(values);
        if (Read(Imported) != _fingerprint && Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }

        realms.CopyTo(Path.Combine(Data, "import"));
    }

    /// <summary>The database is complete: the next start may use it. One that was interrupted before is thrown away.</summary>
    public void MarkImported() => File.WriteAllText(Imported, _fingerprint);

    private static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file) : null;
}
