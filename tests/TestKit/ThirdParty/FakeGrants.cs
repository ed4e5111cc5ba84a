using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AspireGateway.TestKit.ThirdParty;

/// <summary>The grants of a <see cref="FakeAuthorizationServer"/>: codes once, refresh tokens once, and a second use ends the grant.</summary>
public sealed class FakeGrants(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Scope, string Challenge)> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Grant> _byToken = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How often a refresh token was used a second time.</summary>
    public int Reuses { get; private set; }

    /// <summary>Whether an access token is good.</summary>
    public bool IsGood(string accessToken) => IsGood(accessToken, out _);

    /// <summary>Whether an access token is good, and for which scopes.</summary>
    public bool IsGood(string accessToken, out string scope)
    {
        lock (_lock)
        {
            var found =
                _byToken.TryGetValue(accessToken, out var grant)
                && !grant.IsOver
                && grant.AccessToken == accessToken
                && time.GetUtcNow() < grant.ExpiresAt;
            scope = found ? grant!.Scope : "";
            return found;
        }
    }

    /// <summary>Ends every grant, as a person does at the third party's own pages.</summary>
    public void EndAll()
    {
        lock (_lock)
        {
            foreach (var grant in _byToken.Values)
            {
                grant.IsOver = true;
            }
        }
    }

    /// <summary>Ends the access tokens only.</summary>
    public void ForgetAccessTokens()
    {
        lock (_lock)
        {
            foreach (var grant in _byToken.Values)
            {
                grant.AccessToken = "";
            }
        }
    }

    /// <summary>Exchanges a code, for answers of another shape.</summary>
    public JsonObject? ExchangeFor(string code, string verifier) =>
        Exchange(code, verifier, TimeSpan.FromMinutes(5), withRefresh: true);

    /// <summary>Exchanges a code, for answers of another shape.</summary>
    public JsonObject? ExchangeFor(string code, string verifier, TimeSpan? life, bool withRefresh) =>
        Exchange(code, verifier, life, withRefresh);

    /// <summary>Refreshes, as somebody else does who holds the refresh token.</summary>
    public JsonObject? RefreshFor(string token) => Refresh(token, TimeSpan.FromMinutes(5));

    internal string AddCode(string scope, string challenge)
    {
        lock (_lock)
        {
            var code = $"code-{++_count}-{Guid.NewGuid():N}";
            _codes[code] = (scope, challenge);
            return code;
        }
    }

    internal JsonObject? Exchange(string code, string verifier, TimeSpan? life, bool withRefresh)
    {
        lock (_lock)
        {
            var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
            return _codes.Remove(code, out var known) && known.Challenge == challenge
                ? Issue(new Grant { Scope = known.Scope }, life, withRefresh)
                : null;
        }
    }

    internal JsonObject? Refresh(string token, TimeSpan? life)
    {
        lock (_lock)
        {
            if (!_byToken.TryGetValue(token, out var grant) || grant.IsOver)
            {
                return null;
            }

            if (grant.RefreshToken != token)
            {
                Reuses++;
                grant.IsOver = true;
                return null;
            }

            return Issue(grant, life, withRefresh: true);
        }
    }

    internal void Revoke(string token)
    {
        lock (_lock)
        {
            if (_byToken.TryGetValue(token, out var grant))
            {
                grant.IsOver = true;
            }
        }
    }

    private JsonObject Issue(Grant grant, TimeSpan? life, bool withRefresh)
    {
        grant.AccessToken = $"at-{++_count}-{Guid.NewGuid():N}";
        grant.ExpiresAt = life is { } limited ? time.GetUtcNow() + limited : DateTimeOffset.MaxValue;
        _byToken[grant.AccessToken] = grant;
        var answer = new JsonObject
        {
            ["token_type"] = "Bearer",
            ["access_token"] = grant.AccessToken,
            ["scope"] = grant.Scope,
        };
        if (life is { } lifetime)
        {
            answer["expires_in"] = (long)lifetime.TotalSeconds;
        }

        if (withRefresh)
        {
            grant.RefreshToken = $"rt-{++_count}-{Guid.NewGuid():N}";
            _byToken[grant.RefreshToken] = grant;
            answer["refresh_token"] = grant.RefreshToken;
        }

        return answer;
    }

    private sealed class Grant
    {
        public required string Scope { get; init; }

        public string AccessToken { get; set; } = "";

        public string RefreshToken { get; set; } = "";

        public DateTimeOffset ExpiresAt { get; set; }

        public bool IsOver { get; set; }
    }
}
