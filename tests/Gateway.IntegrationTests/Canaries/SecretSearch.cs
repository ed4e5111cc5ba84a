using System.Text;
using System.Text.Json;

namespace AspireGateway.Gateway.IntegrationTests.Canaries;

/// <summary>Looks for secrets in bytes, in every form in which they are usually written.</summary>
internal sealed class SecretSearch
{
    // Shorter values stand everywhere by chance.
    private const int ShortestSecret = 8;

    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();

    /// <summary>Names of what is looked for.</summary>
    public IReadOnlyCollection<string> Names
    {
        get
        {
            lock (_adding)
            {
                return [.. _secrets.Keys];
            }
        }
    }

    /// <summary>Adds a secret; what is too short to be told from chance is left out.</summary>
    public void Add(string name, string? value)
    {
        if (value is { Length: >= ShortestSecret })
        {
            lock (_adding)
            {
                _secrets.TryAdd($"{name} {_secrets.Count + 1}", value);
            }
        }
    }

    /// <summary>Which secrets stand in these bytes, by name and form; never their values.</summary>
    public IReadOnlyList<string> Find(string place, byte[] bytes)
    {
        KeyValuePair<string, string>[] secrets;
        lock (_adding)
        {
            secrets = [.. _secrets];
        }

        return
        [
            .. secrets
                .SelectMany(static secret => Forms(secret.Value).Select(form => (secret.Key, form.Name, form.Bytes)))
                .Where(needle => bytes.AsSpan().IndexOf(needle.Bytes) >= 0)
                .Select(needle => $"{needle.Key} ({needle.Name}) in {place}"),
        ];
    }

    /// <summary>A value in all forms.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Forms(string value)
    {
        var plain = Encoding.UTF8.GetBytes(value);
        yield return ("as it is", plain);
        yield return ("UTF-16", Encoding.Unicode.GetBytes(value));
        foreach (
            var (name, text) in new[]
            {
                ("URL-encoded", Uri.EscapeDataString(value)),
                ("form-encoded", System.Net.WebUtility.UrlEncode(value)),
                ("HTML", System.Net.WebUtility.HtmlEncode(value)),
                ("JSON", JsonEncodedText.Encode(value).ToString()),
                ("hexadecimal", Convert.ToHexStringLower(plain)),
            }
        )
        {
            if (text != value)
            {
                yield return (name, Encoding.UTF8.GetBytes(text));
            }
        }

        for (var offset = 0; offset < 3; offset++)
        {
            // What is beside a value changes the digits at its ends; those between are the same.
            var digits = Convert.ToBase64String([.. new byte[offset], .. plain])[(offset == 0 ? 0 : offset + 1)..^4];
            yield return ($"base64 at {offset}", Encoding.ASCII.GetBytes(digits));
            yield return (
                $"base64url at {offset}",
                Encoding.ASCII.GetBytes(digits.Replace('+', '-').Replace('/', '_'))
            );
        }
    }
}
