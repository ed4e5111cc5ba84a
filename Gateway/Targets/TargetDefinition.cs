using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets;

/// <summary>A target that an administrator defined while the gateway runs; checked.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Changes whenever anything of it does.</param>
/// <param name="Options">Its settings, without files: whoever defines it may not read those of this machine.</param>
/// <param name="Tools">Tools that are known before anybody has consented.</param>
internal sealed record TargetDefinition(
    TargetName Name,
    string Version,
    TargetOptions Options,
    IReadOnlyList<JsonObject> Tools
)
{
    public Target ToTarget() =>
        new(Name, new Uri(Options.Url), Options.Credential, Options.Timeout)
        {
            Version = Version,
            AuthorizationCode = Options.AuthorizationCode,
            KnownTools = Tools,
        };
}
