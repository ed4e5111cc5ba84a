using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.TestKit.Issuers;

/// <summary>An identity provider that publishes metadata and keys and issues whatever token a test asks for, honest or not.</summary>
public sealed class FakeIssuer : LoopbackServer
{
    /// <summary>A browser with this cookie belongs to the person that it names.</summary>
    public const string PersonCookie = "fake-issuer-person";

    private const string DiscoveryPath = "/.well-known/openid-configuration";

    // Making a key is the slow part of a test; issuers differ by their address.
    private static readonly Lazy<RSA> FirstKey = new(static () => RSA.Create(2048));

    private readonly TimeProvider _time;
    private readonly List<SigningKey> _published = [];
    private readonly FakeSignIn _signIn;
    private int _keyCount;

    private FakeIssuer(TimeProvider time)
    {
        _time = time;
        _signIn = new FakeSignIn(this);
        SigningKey = new SigningKey("key-0", FirstKey.Value);
        _published.Add(SigningKey);
    }

    /// <summary>Starts an issuer.</summary>
    /// <param name="time">Clock that its tokens' times come from; the system's when null.</param>
    public static async Task<FakeIssuer> StartNewAsync(TimeProvider? time = null)
    {
        var issuer = new FakeIssuer(time ?? TimeProvider.System);
        await issuer.StartAsync();
        return issuer;
    }

    /// <summary>The key that tokens are signed with.</summary>
    public SigningKey SigningKey { get; private set; }

    /// <summary>Who signs in at the authorization endpoint, in a browser that does not say.</summary>
    public string SignedInSubject { get; set; } = "user-1";

    /// <summary>Value of <c>issuer</c> in the metadata; the base URL unless a test lies.</summary>
    public string? MetadataIssuer { get; set; }

    /// <summary>Changes its own metadata before it is published.</summary>
    public Action<JsonObject>? ChangeMetadata { get; set; }

    /// <summary>The metadata that it publishes instead of its own, to play a certain provider.</summary>
    public JsonObject? Document { get; set; }

    /// <summary>Keys that it publishes besides its own.</summary>
    public IList<JsonObject> MoreKeys { get; } = [];

    /// <summary>HTTP status of metadata and keys.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>URL of the metadata.</summary>
    public string DiscoveryUrl => BaseUrl + DiscoveryPath;

    /// <summary>How often the metadata was read.</summary>
    public int MetadataReads => Requests.Count(static request => request.Path == DiscoveryPath);

    /// <summary>Signs with a new key from now on.</summary>
    /// <param name="keepOld">Whether the old key stays published, as providers do while its tokens live.</param>
    public void RotateKey(bool keepOld = true)
    {
        SigningKey = NewKey();
        if (!keepOld)
        {
            _published.Clear();
        }

        _published.Add(SigningKey);
    }

    /// <summary>A key that is not published.</summary>
    public SigningKey NewKey() => new($"key-{Interlocked.Increment(ref _keyCount)}", RSA.Create(2048));

    /// <summary>The header of an honest access token.</summary>
    public JsonObject Header() =>
        new()
        {
            ["alg"] = "RS256",
            ["typ"] = "JWT",
            ["kid"] = SigningKey.Id,
        };

    /// <summary>The payload of an honest access token of Keycloak's shape, for five minutes.</summary>
    public JsonObject Payload(string resource, string subject = "user-1", string scope = "openid mcp:tools")
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        return new JsonObject
        {
            ["iss"] = BaseUrl,
            ["sub"] = subject,
            ["aud"] = resource,
            ["exp"] = now + 300,
            ["iat"] = now,
            ["jti"] = Guid.NewGuid().ToString(),
            ["typ"] = "Bearer",
            ["azp"] = "test-client",
            ["scope"] = scope,
        };
    }

    /// <summary>An access token: honest, but for what <paramref name="change"/> does to header and payload.</summary>
    public string Token(string resource, Action<JsonObject, JsonObject>? change = null, SigningKey? key = null)
    {
        var header = Header();
        var payload = Payload(resource);
        change?.Invoke(header, payload);
        return Jws.Sign(header, payload, (key ?? SigningKey).Rsa);
    }

    protected override Task AnswerAsync(HttpContext context, RecordedRequest request)
    {
        if (request.Path.StartsWith("/authorize", StringComparison.Ordinal))
        {
            return _signIn.AuthorizeAsync(context);
        }

        if (request.Path.StartsWith("/token", StringComparison.Ordinal))
        {
            return _signIn.ExchangeAsync(context, request);
        }

        context.Response.StatusCode = Status;
        return Status is not StatusCodes.Status200OK ? Task.CompletedTask
            : request.Path.EndsWith(DiscoveryPath, StringComparison.Ordinal)
                ? WriteAsync(context, Document ?? Metadata())
            : WriteAsync(context, Keys());
    }

    private static Task WriteAsync(HttpContext context, JsonObject json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString());
    }

    private JsonObject Metadata()
    {
        var metadata = new JsonObject
        {
            ["issuer"] = MetadataIssuer ?? BaseUrl,
            ["authorization_endpoint"] = BaseUrl + "/authorize",
            ["token_endpoint"] = BaseUrl + "/token",
            ["jwks_uri"] = BaseUrl + "/jwks",
            ["response_types_supported"] = new JsonArray("code"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
        };
        ChangeMetadata?.Invoke(metadata);
        return metadata;
    }

    private JsonObject Keys() =>
        new()
        {
            ["keys"] = new JsonArray([
                .. _published.Select(static key => key.ToJwk()),
                .. MoreKeys.Select(static key => key.DeepClone()),
            ]),
        };
}

/// <summary>A signing key with its key id.</summary>
public sealed record SigningKey(string Id, RSA Rsa)
{
    /// <summary>The public half as a JWK (RFC 7517).</summary>
    public JsonObject ToJwk()
    {
        var parameters = Rsa.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = Id,
            ["n"] = Base64Url.EncodeToString(parameters.Modulus!),
            ["e"] = Base64Url.EncodeToString(parameters.Exponent!),
        };
    }
}
