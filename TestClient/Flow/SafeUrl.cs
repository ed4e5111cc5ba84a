using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.TestClient.Flow;

/// <summary>A URL as it may be printed: only values that are public by their nature, of a query that may hold anything.</summary>
internal static class SafeUrl
{
    private static readonly HashSet<string> PublicParameters = new(StringComparer.Ordinal)
    {
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "resource",
        "code_challenge_method",
        "prompt",
        "iss",
        "error",
    };

    /// <summary>Keeps the names of all parameters and the values of the public ones; user info and fragment go.</summary>
    public static string Of(Uri url)
    {
        var safe = new StringBuilder(
            url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        );
        var separator = '?';
        foreach (var parameter in new QueryStringEnumerable(url.Query))
        {
            var name = parameter.DecodeName().ToString();
            safe.Append(separator).Append(Uri.EscapeDataString(name)).Append('=');
            safe.Append(PublicParameters.Contains(name) ? parameter.EncodedValue : "…");
            separator = '&';
        }

        return safe.ToString();
    }
}
