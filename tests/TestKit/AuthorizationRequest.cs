using System.Collections;

namespace AspireGateway.TestKit;

/// <summary>The parameters of an authorization request, in order; each can be replaced, or removed with null.</summary>
public sealed class AuthorizationRequest(Uri endpoint, string verifier) : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _parameters = [];

    /// <summary>The PKCE verifier that belongs to the challenge.</summary>
    public string Verifier { get; } = verifier;

    /// <summary>The URL to open in the browser.</summary>
    public Uri Url =>
        new(
            endpoint.AbsoluteUri
                + "?"
                + string.Join('&', _parameters.Select(static pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"))
        );

    /// <summary>The value of a parameter.</summary>
    public string? this[string name]
    {
        get => _parameters.FirstOrDefault(pair => pair.Key == name).Value;
        set
        {
            _parameters.RemoveAll(pair => pair.Key == name);
            if (value is not null)
            {
                Add(name, value);
            }
        }
    }

    /// <summary>Adds one more value, as for several resources.</summary>
    public void Add(string name, string value) => _parameters.Add(KeyValuePair.Create(name, value));

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
