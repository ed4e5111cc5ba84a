using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AspireGateway.AppHost.Keycloak;

/// <summary>The realms as Keycloak imports them: every JSON file of a folder.</summary>
internal sealed class RealmFiles(string folder)
{
    public string Folder { get; } = folder;

    private IEnumerable<string> Files =>
        Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds slips of the pen before anything starts, and with the file's name, which Keycloak does not say.</summary>
    /// <exception cref="DistributedApplicationException">A file is not even JSON.</exception>
    public void ThrowIfBroken()
    {
        foreach (var file in Files)
        {
            try
            {
                JsonDocument.Parse(File.ReadAllText(file)).Dispose();
            }
            catch (JsonException exception)
            {
                throw new DistributedApplicationException(
                    $"{file}({exception.LineNumber + 1},{exception.BytePositionInLine + 1}): this realm file is no JSON. "
                        + $"{exception.Message.Split(" LineNumber")[0]} Fix it there, or in the lines before.",
                    exception
                );
            }
        }
    }

    /// <summary>Puts the files where Keycloak looks for them, in place of what was there.</summary>
    public void CopyTo(string target)
    {
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        Directory.CreateDirectory(target);
        foreach (var file in Files)
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }

    /// <summary>Changes with every file and every value: what a database was filled from.</summary>
    public string Fingerprint(IEnumerable<KeyValuePair<string, string>> values)
    {
        var text = new StringBuilder();
        foreach (var file in Files)
        {
            text.Append(Path.GetFileName(file)).Append('\0').Append(File.ReadAllText(file)).Append('\0');
        }

        foreach (var (name, value) in values.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append('=').Append(value).Append('\0');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
