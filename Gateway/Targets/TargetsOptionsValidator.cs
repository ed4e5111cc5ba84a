using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Credentials;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Targets;

internal sealed class TargetsOptionsValidator(IHostEnvironment environment) : IValidateOptions<TargetsOptions>
{
    public ValidateOptionsResult Validate(string? name, TargetsOptions options)
    {
        var errors = options.SelectMany(target => Check(target.Key, target.Value)).ToList();
        if (options.Count > TargetsOptions.MaxTargets)
        {
            errors.Add(
                $"Gateway:Targets has {options.Count} entries; at most {TargetsOptions.MaxTargets} are supported. Spread them over several gateways."
            );
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private IEnumerable<string> Check(string name, TargetOptions target)
    {
        var path = $"{TargetsOptions.Section}:{name}";
        if (!TargetName.TryParse(name, out _))
        {
            yield return $"{path}: '{name}' is no target name. Use {TargetName.Rule}.";
        }

        if (!Uri.TryCreate(target.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return $"{path}:Url is '{target.Url}', which is no absolute http(s) URL. Set it to the target's MCP endpoint, for example http://weather:8080/mcp.";
        }
        else
        {
            foreach (var error in CheckUrl(path, url))
            {
                yield return error;
            }
        }

        if (!CredentialKinds.All.Contains(target.Credential, StringComparer.Ordinal))
        {
            yield return $"{path}:Credential is '{target.Credential}'. Known kinds: {string.Join(", ", CredentialKinds.All)}.";
        }

        if (target.Credential == CredentialKinds.AuthorizationCode)
        {
            foreach (
                var error in AuthorizationCodeOptionsValidator.Check(
                    $"{path}:AuthorizationCode",
                    target.AuthorizationCode,
                    environment.IsDevelopment()
                )
            )
            {
                yield return error;
            }
        }

        if (ToolsFile.TryRead(target.ToolsFile, out _) is { } problem)
        {
            yield return $"{path}:ToolsFile '{target.ToolsFile}' cannot be used: {problem}.";
        }

        if (target.Timeout <= TimeSpan.Zero || target.Timeout > TimeSpan.FromHours(1))
        {
            yield return $"{path}:Timeout is {target.Timeout}. Choose a time up to 01:00:00.";
        }
    }

    private static IEnumerable<string> CheckUrl(string path, Uri url)
    {
        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            yield return $"{path}:Url has user information or a fragment. Remove it; credentials have settings of their own.";
        }

        if (url.Query.Length > 0)
        {
            yield return $"{path}:Url has a query string, which is not sent. Remove it.";
        }
    }
}
