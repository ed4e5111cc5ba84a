using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Naming;
using AspireGateway.Gateway.Targets.Upstream;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Admin.Definitions;

/// <summary>
/// Checks what an administrator says about a target: all that the configuration is checked for, and that its URLs are none by which somebody
/// outside would reach the inside.
/// </summary>
internal sealed class DefinitionChecks(
    AddressGuard guard,
    TargetRegistry targets,
    IOptions<CatalogueOptions> catalogue,
    IOptions<NamingOptions> naming,
    IHostEnvironment environment
)
{
    private const int MaxToolNameLength = 128;

    /// <summary>What can be said without asking anybody.</summary>
    public IReadOnlyList<Mistake> Check(string name, TargetSettings settings) =>
        [
            .. TargetChecks.Check(name, settings.ToOptions(), environment.IsDevelopment()),
            .. Urls(settings).SelectMany(url => CheckUrl(url.Setting, url.Url)),
            .. CheckTools(settings),
            .. CheckSingle(name),
            .. settings.AuthorizationCode is not null && !Uses(settings)
                ?
                [
                    new Mistake(
                        "AuthorizationCode",
                        "is set, but Credential is not authorization_code. Set that too, or remove it."
                    ),
                ]
                : Array.Empty<Mistake>(),
        ];

    /// <summary>The same, and where the hosts are.</summary>
    public async Task<IReadOnlyList<Mistake>> CheckAsync(string name, TargetSettings settings, CancellationToken cancel)
    {
        var mistakes = Check(name, settings).ToList();
        foreach (var (setting, url) in Urls(settings))
        {
            if (await guard.IsForbiddenAsync(url, cancel))
            {
                mistakes.Add(
                    new(
                        setting,
                        $"has the host '{url.Host}' with an address on an internal network. Whoever may define targets must not reach those: define this one in the gateway's own configuration (Gateway:Targets)."
                    )
                );
            }
        }

        return mistakes;
    }

    private IEnumerable<Mistake> CheckSingle(string name)
    {
        if (naming.Value.SingleTarget && targets.All.Any(target => target.Name.Value != name))
        {
            yield return new(
                "",
                "is a second target, and Gateway:Mcp:SingleTarget is set. Without prefixes nobody could tell their tools apart: remove that setting, or the other target first."
            );
        }
    }

    private static bool Uses(TargetSettings settings) =>
        settings.Credential == Gateway.Targets.Credentials.CredentialKinds.AuthorizationCode;

    private static IEnumerable<(string Setting, Uri Url)> Urls(TargetSettings settings)
    {
        var code = settings.AuthorizationCode ?? new();
        (string Setting, string Url)[] all =
        [
            (nameof(settings.Url), settings.Url),
            ("AuthorizationCode:Issuer", code.Issuer),
            ("AuthorizationCode:AuthorizationEndpoint", code.AuthorizationEndpoint),
            ("AuthorizationCode:TokenEndpoint", code.TokenEndpoint),
            ("AuthorizationCode:RevocationEndpoint", code.RevocationEndpoint),
        ];
        foreach (var (setting, text) in all)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                yield return (setting, url!);
            }
        }
    }

    private IEnumerable<Mistake> CheckUrl(string setting, Uri url)
    {
        if (url.Scheme == Uri.UriSchemeHttp && guard.Problem(url) is not null)
        {
            yield return new(
                setting,
                environment.IsDevelopment()
                    ? "is not https. Use https; http is for loopback addresses only."
                    : "is not https. Outside Development targets of the admin API are reached over https only."
            );
        }
    }

    private IEnumerable<Mistake> CheckTools(TargetSettings settings)
    {
        if (settings.Tools.Count > catalogue.Value.MaxItems)
        {
            yield return new(
                nameof(settings.Tools),
                $"has {settings.Tools.Count} entries; at most {catalogue.Value.MaxItems} are listed."
            );
        }

        if (settings.Tools.Count > 0 && !Uses(settings))
        {
            yield return new(
                nameof(settings.Tools),
                "is for targets that need a person. This one is asked for its tools: remove them."
            );
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < settings.Tools.Count; i++)
        {
            var tool = settings.Tools[i];
            var name = tool.TextOf("name") ?? "";
            if (!IsToolName(name))
            {
                yield return new(
                    $"{nameof(settings.Tools)}[{i}]",
                    "has no usable name. A name has 1 to 128 of the characters A-Z, a-z, 0-9, _, . and -."
                );
            }
            else if (!names.Add(name))
            {
                yield return new($"{nameof(settings.Tools)}[{i}]", $"has the name '{name}' a second time.");
            }

            if (tool is not null && tool["inputSchema"] is not JsonObject)
            {
                yield return new(
                    $"{nameof(settings.Tools)}[{i}]",
                    "has no inputSchema. Take definitions as the server's tools/list gives them."
                );
            }
        }
    }

    private static bool IsToolName(string name) =>
        name.Length is > 0 and <= MaxToolNameLength
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
