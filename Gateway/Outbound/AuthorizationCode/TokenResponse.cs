using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Http;
using AspireGateway.Gateway.Vault;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.Gateway.Outbound.AuthorizationCode;

/// <summary>Reads token responses (RFC 6749 §5): Bearer only, printable ASCII only, a sane life. Anything else is an error.</summary>
internal static class TokenResponse
{
    private const int MaxTokenLength = 16 * 1024;

    // Ten years: beyond it the number is a mistake, and arithmetic with it would be one too.
    private const long MaxLifetimeSeconds = 10L * 366 * 24 * 3600;

    private static readonly string[] KnownErrors =
    [
        ErrorCodes.InvalidRequest,
        ErrorCodes.InvalidClient,
        ErrorCodes.InvalidGrant,
        ErrorCodes.UnauthorizedClient,
        ErrorCodes.UnsupportedGrantType,
        ErrorCodes.InvalidScope,
        ErrorCodes.InvalidTarget,
    ];

    /// <summary>Reads an answer of the token endpoint.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="tokenObject">Member that holds the tokens; empty for the answer itself.</param>
    /// <param name="requested">Scopes that hold when the answer names none (RFC 6749 §5.1).</param>
    /// <param name="now">The time of the request.</param>
    public static TokenResult Read(HttpAnswer answer, string tokenObject, ScopeSet requested, DateTimeOffset now)
    {
        var body = answer.MediaType is "application/x-www-form-urlencoded"
            ? ReadForm(answer.Body)
            : answer.TryReadObject();

        // Some providers answer errors with status 200.
        if (answer.Status is not StatusCodes.Status200OK || body?["error"] is not null)
        {
            return Failure(answer, body);
        }

        var tokens = tokenObject.Length == 0 ? body : body?[tokenObject] as JsonObject;
        return tokens is null ? Invalid("not an object") : ReadTokens(tokens, requested, now);
    }

    private static TokenResult ReadTokens(JsonObject tokens, ScopeSet requested, DateTimeOffset now)
    {
        var type = tokens.TextOf("token_type");
        if (type is not null && !IsBearer(type))
        {
            return Invalid("token_type");
        }

        if (tokens.TextOf("access_token") is not { } access || !IsToken(access))
        {
            return Invalid("access_token");
        }

        var refresh = tokens.TextOf("refresh_token");
        if (refresh is not null && !IsToken(refresh))
        {
            return Invalid("refresh_token");
        }

        if (!TryReadLifetime(tokens, out var seconds))
        {
            return Invalid("expires_in");
        }

        return new TokenResult.Success(
            new GrantTokens(
                new Secret(access),
                refresh is null ? null : new Secret(refresh),
                seconds is { } life ? now.AddSeconds(life) : null,
                tokens.TextOf("scope") is { Length: > 0 } scope ? Scopes(scope) : requested
            ),
            tokens.TextOf("id_token") is { } idToken ? new Secret(idToken) : null
        );
    }

    private static TokenResult.Failure Failure(HttpAnswer answer, JsonObject? body)
    {
        var error = body.TextOf("error");
        var code = KnownErrors.Contains(error, StringComparer.Ordinal) ? error! : ErrorCodes.TokenRequestFailed;
        // A server in trouble may say anything; only its own clear word on a 4xx (or a 200) ends a grant.
        var isLasting =
            code == ErrorCodes.InvalidGrant
            && answer.Status
                is < 500
                    and not (StatusCodes.Status408RequestTimeout or 425 or StatusCodes.Status429TooManyRequests);
        return new TokenResult.Failure(code, isLasting, answer.RetryAfter);
    }

    private static TokenResult.Failure Invalid(string member) =>
        new($"{ErrorCodes.InvalidTokenResponse}:{member}", false, null);

    private static JsonObject ReadForm(byte[] body)
    {
        var form = new JsonObject();
        foreach (var (name, values) in QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(body)))
        {
            // Two values of one name are none.
            form[name] = values.Count == 1 ? values[0] : null;
        }

        return form;
    }

    // Slack calls its tokens "user" and "bot".
    private static bool IsBearer(string type) => type.ToUpperInvariant() is "BEARER" or "USER" or "BOT";

    private static bool IsToken(string text) =>
        text.Length is > 0 and <= MaxTokenLength && text.All(static c => c is > ' ' and < '\x7f');

    private static bool TryReadLifetime(JsonObject tokens, out long? seconds)
    {
        seconds = null;
        var text = tokens["expires_in"]?.ToString();
        if (text is null)
        {
            return true;
        }

        if (
            !long.TryParse(
                text,
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out var value
            )
        )
        {
            return false;
        }

        seconds = value;
        return value <= MaxLifetimeSeconds;
    }

    // GitHub and Slack separate with commas.
    private static ScopeSet Scopes(string text) => new(text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries));
}
