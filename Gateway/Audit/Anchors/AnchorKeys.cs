namespace AspireGateway.Gateway.Audit.Anchors;

/// <summary>Reads the keys that the settings name.</summary>
internal static class AnchorKeys
{
    /// <summary>The key that signs; null when none is configured and there is no development key yet.</summary>
    /// <exception cref="InvalidDataException">It is no private key on P-256.</exception>
    /// <exception cref="IOException">Its file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Its file may not be read.</exception>
    public static AnchorKey? Read(AnchorOptions options, AnchorFolder folder)
    {
        if (!string.IsNullOrWhiteSpace(options.Key))
        {
            return Parse(options.Key, "Gateway:Audit:Anchors:Key", needsPrivate: true);
        }

        var file = string.IsNullOrWhiteSpace(options.KeyFile) ? folder.KeyFile : options.KeyFile;
        return file == folder.KeyFile && !File.Exists(file) ? null : ReadFile(file, needsPrivate: true);
    }

    /// <summary>The key that signs; where none is configured, Development's own, which is made at the first run.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static AnchorKey ReadOrCreate(AnchorOptions options, AnchorFolder folder)
    {
        if (Read(options, folder) is { } key)
        {
            return key;
        }

        OwnerOnly.WriteOnce(folder.KeyFile, AnchorKey.NewPem());
        return ReadFile(folder.KeyFile, needsPrivate: true);
    }

    /// <summary>Reads a key from a file.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static AnchorKey ReadFile(string file, bool needsPrivate) =>
        Parse(File.ReadAllText(file), $"'{file}'", needsPrivate);

    private static AnchorKey Parse(string pem, string where, bool needsPrivate) =>
        AnchorKey.TryParse(pem, needsPrivate)
        ?? throw new InvalidDataException(
            $"{where} holds no {(needsPrivate ? "private" : "public")} P-256 key in PEM form. {AnchorKey.HowToMakeOne}"
        );
}
