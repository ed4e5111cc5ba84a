using System.Net;
using System.Net.Http.Headers;

namespace AspireGateway.TestClient.Flow;

/// <summary>What a <c>WWW-Authenticate: Bearer</c> header says (RFC 6750, RFC 9728).</summary>
internal sealed record Challenge(string? Error, string? Description, string? Scope, string? ResourceMetadata)
{
    /// <summary>Reads the first Bearer challenge of a 401 or 403; null when there is none.</summary>
    public static Challenge? Of(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            return null;
        }

        var bearer = response.Headers.WwwAuthenticate.FirstOrDefault(static header =>
            string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
        );
        return bearer is null ? null : Parse(bearer.Parameter ?? "");
    }

    /// <summary>What the step's line says about it.</summary>
    public override string ToString()
    {
        List<string> said = [];
        if (Error is not null)
        {
            said.Add(Description is null ? Error : $"{Error} ({Description})");
        }

        said.Add(Scope is null ? "no scope named" : $"scope {Scope}");
        said.Add(ResourceMetadata is null ? "no metadata named" : $"metadata {ResourceMetadata}");
        return string.Join(", ", said);
    }

    private static Challenge Parse(string parameters)
    {
        Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
        foreach (var part in Split(parameters))
        {
            if (NameValueHeaderValue.TryParse(part, out var pair) && pair.Value is { } value)
            {
                values.TryAdd(pair.Name, Unquote(value));
            }
        }

        return new(
            values.GetValueOrDefault("error"),
            values.GetValueOrDefault("error_description"),
            values.GetValueOrDefault("scope"),
            values.GetValueOrDefault("resource_metadata")
        );
    }

    // At commas, but not at those within quotes.
    private static IEnumerable<string> Split(string parameters)
    {
        var (start, quoted) = (0, false);
        for (var at = 0; at < parameters.Length; at++)
        {
            switch (parameters[at])
            {
                case '\\' when quoted:
                    at++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    yield return parameters[start..at];
                    start = at + 1;
                    break;
            }
        }

        yield return parameters[start..];
    }

    private static string Unquote(string value) =>
        value is ['"', .. var inner, '"'] ? inner.Replace("\\\"", "\"", StringComparison.Ordinal) : value;
}
