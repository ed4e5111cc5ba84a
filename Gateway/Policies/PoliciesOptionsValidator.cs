using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Policies;

internal sealed class PoliciesOptionsValidator : IValidateOptions<PoliciesOptions>
{
    public ValidateOptionsResult Validate(string? name, PoliciesOptions options)
    {
        var errors = options.ToolScopes.SelectMany(Check).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(ToolScopeOptions rule, int index)
    {
        var path = $"{PoliciesOptions.Section}:ToolScopes:{index}";
        if (rule.Tool.Length == 0)
        {
            yield return $"{path}:Tool is empty. Name the tool as its target spells it, with * for any characters.";
        }

        if (rule.Target.Length == 0)
        {
            yield return $"{path}:Target is empty. Name the target, or remove the setting for all of them.";
        }

        if (ScopeSet.Parse(rule.Scopes).Values.Count == 0)
        {
            yield return $"{path}:Scopes is empty, so that the entry would do nothing. List the scopes that the tool needs.";
        }

        // RFC 6749 §3.3: visible ASCII without quote and backslash.
        if (rule.Scopes.Any(static c => c is < ' ' or > '~' or '"' or '\\'))
        {
            yield return $"{path}:Scopes has a character that scopes cannot have. Use visible ASCII without quotes and backslashes.";
        }
    }
}
