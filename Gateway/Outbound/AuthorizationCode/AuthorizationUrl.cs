using System.Text.Encodings.Web;
using AspireGateway.Gateway.Outbound.Discovery;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.Gateway.Outbound.AuthorizationCode;

/// <summary>Builds the authorization request (RFC 6749 §4.1.1, RFC 7636, RFC 8707).</summary>
internal static class AuthorizationUrl
{
    /// <summary>The URL to send the browser to.</summary>
    /// <param name="request">Server, client and target.</param>
    /// <param name="parameters">Parameters of this flow, which settings cannot replace.</param>
    /// <param name="scopes">Scopes to ask for.</param>
    /// <param name="force">Asks the server for a new sign-in.</param>
    public static Outcome<Uri> Create(
        TokenRequest request,
        IReadOnlyDictionary<string, string> parameters,
        ScopeSet scopes,
        bool force
    )
    {
        var settings = request.Target.AuthorizationCode;
        var all = new Dictionary<string, string>(settings.AuthorizeParameters, StringComparer.Ordinal);
        if (force)
        {
            all["prompt"] = "login";
        }

        foreach (var (name, value) in parameters)
        {
            all[name] = value;
        }

        if (scopes.Values.Count > 0)
        {
            all["scope"] = string.Join(settings.ScopeSeparator, scopes.Values);
        }

        if (settings.SendResource)
        {
            all["resource"] = request.Server.Resource;
        }

        // What is in the endpoint's own query stays there (RFC 6749 §3.1), but two values of one name would be read differently by different servers.
        var endpoint = request.Server.AuthorizationEndpoint;
        var existing = QueryHelpers.ParseQuery(endpoint.Query);
        if (existing.Keys.Intersect(all.Keys, StringComparer.Ordinal).FirstOrDefault() is { } repeated)
        {
            return new OutboundProblem(
                ErrorCodes.InvalidMetadata,
                $"The authorization endpoint of '{request.Server.Issuer}' has the parameter '{repeated}' in its own URL. It is not used."
            );
        }

        var query = string.Join(
            '&',
            all.Select(static pair => $"{UrlEncoder.Default.Encode(pair.Key)}={UrlEncoder.Default.Encode(pair.Value)}")
        );
        var separator = endpoint.Query.Length > 1 ? "&" : "?";
        return new Uri(endpoint.GetLeftPart(UriPartial.Query).TrimEnd('?') + separator + query);
    }
}
