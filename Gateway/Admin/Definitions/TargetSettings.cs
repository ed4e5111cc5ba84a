using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AspireGateway.Gateway.Admin.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Admin.Definitions;

/// <summary>
/// What an administrator says about a target: the settings of the configuration, but for those that name files of this machine.
/// </summary>
internal sealed record TargetSettings
{
    /// <summary>Stands for a secret in answers; sent back, it keeps the one that there is.</summary>
    public const string Hidden = "[set]";

    /// <summary>Where the path does not name the target; else the same name, or none.</summary>
    public string Name { get; init; } = "";

    public string Url { get; init; } = "";

    public string Credential { get; init; } = CredentialKinds.None;

    public TimeSpan Timeout { get; init; } = new TargetOptions().Timeout;

    public AuthorizationCodeOptions? AuthorizationCode { get; init; }

    /// <summary>Tool definitions, for a target that cannot be asked without a person.</summary>
    public IReadOnlyList<JsonObject> Tools { get; init; } = [];

    public TargetOptions ToOptions() =>
        new()
        {
            Url = Url,
            Credential = Credential,
            Timeout = Timeout,
            AuthorizationCode = AuthorizationCode ?? new AuthorizationCodeOptions(),
        };

    /// <summary>The settings of a target, whoever defined it.</summary>
    public static TargetSettings Of(Target target) =>
        new()
        {
            Name = target.Name.Value,
            Url = target.Url.OriginalString,
            Credential = target.CredentialKind,
            Timeout = target.Timeout,
            AuthorizationCode = target.NeedsPerson ? target.AuthorizationCode : null,
            Tools = target.KnownTools,
        };

    /// <summary>The same for everybody to see.</summary>
    public TargetSettings WithoutSecrets() =>
        WithSecrets(static secret => secret.Length > 0 ? Hidden : "", static key => key.Length > 0 ? Hidden : "");

    /// <summary>Whether a secret is <see cref="Hidden"/>.</summary>
    [JsonIgnore]
    public bool HidesSecrets =>
        AuthorizationCode is { } code && (code.ClientSecret == Hidden || code.PrivateKey == Hidden);

    /// <summary>Puts the secrets of <paramref name="former"/> where this says that they stay.</summary>
    public TargetSettings WithSecretsOf(TargetSettings former) =>
        WithSecrets(
            secret => secret == Hidden ? former.AuthorizationCode?.ClientSecret ?? "" : secret,
            key => key == Hidden ? former.AuthorizationCode?.PrivateKey ?? "" : key
        );

    /// <summary>Whether people's grants, and secrets, that were meant for one may be used with the other.</summary>
    public bool IsSameParty(TargetSettings other)
    {
        var (mine, theirs) = (AuthorizationCode ?? new(), other.AuthorizationCode ?? new());
        return Url == other.Url
            && Credential == other.Credential
            && mine.Issuer == theirs.Issuer
            && mine.AuthorizationEndpoint == theirs.AuthorizationEndpoint
            && mine.TokenEndpoint == theirs.TokenEndpoint
            && mine.RevocationEndpoint == theirs.RevocationEndpoint
            && mine.ClientId == theirs.ClientId
            && mine.Resource == theirs.Resource;
    }

    private TargetSettings WithSecrets(Func<string, string> secret, Func<string, string> key)
    {
        if (AuthorizationCode is not { } code)
        {
            return this;
        }

        // A copy of whatever settings there are, but for the files of this machine.
        var copy = JsonSerializer
            .SerializeToNode(code, AdminJson.Options)!
            .Deserialize<AuthorizationCodeOptions>(AdminJson.Options)!;
        copy.ClientSecret = secret(code.ClientSecret);
        copy.PrivateKey = key(code.PrivateKey);
        return this with { AuthorizationCode = copy };
    }
}
