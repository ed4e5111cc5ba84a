using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Targets;

/// <summary>Checks the definition of a target, whoever made it.</summary>
internal static class TargetChecks
{
    /// <summary>Returns every mistake with its fix.</summary>
    public static IEnumerable<Mistake> Check(string name, TargetOptions target, bool isDevelopment)
    {
        if (!TargetName.TryParse(name, out _))
        {
            yield return new("", $"'{name}' is no target name. Use {TargetName.Rule}.");
        }

        foreach (var mistake in CheckUrl(target.Url))
        {
            yield return mistake;
        }

        if (!CredentialKinds.All.Contains(target.Credential, StringComparer.Ordinal))
        {
            yield return new(
                nameof(target.Credential),
                $"is '{target.Credential}'. Known kinds: {string.Join(", ", CredentialKinds.All)}."
            );
        }

        if (target.Credential == CredentialKinds.AuthorizationCode)
        {
            foreach (var mistake in AuthorizationCodeChecks.Check(target.AuthorizationCode, isDevelopment))
            {
                yield return mistake with
                {
                    Setting = $"{nameof(target.AuthorizationCode)}:{mistake.Setting}",
                };
            }
        }

        if (ToolsFile.TryRead(target.ToolsFile, out _) is { } problem)
        {
            yield return new(nameof(target.ToolsFile), $"'{target.ToolsFile}' cannot be used: {problem}.");
        }

        if (target.Timeout <= TimeSpan.Zero || target.Timeout > TimeSpan.FromHours(1))
        {
            yield return new(nameof(target.Timeout), $"is {target.Timeout}. Choose a time up to 01:00:00.");
        }
    }

    private static IEnumerable<Mistake> CheckUrl(string text)
    {
        const string Setting = nameof(TargetOptions.Url);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return new(
                Setting,
                $"is '{text}', which is no absolute http(s) URL. Set it to the target's MCP endpoint, for example http://weather:8080/mcp."
            );
            yield break;
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            yield return new(
                Setting,
                "has user information or a fragment. Remove it; credentials have settings of their own."
            );
        }

        if (url.Query.Length > 0)
        {
            yield return new(Setting, "has a query string, which is not sent. Remove it.");
        }
    }
}
