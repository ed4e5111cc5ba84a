using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Targets;

internal sealed class TargetsOptionsValidator(IHostEnvironment environment) : IValidateOptions<TargetsOptions>
{
    public ValidateOptionsResult Validate(string? name, TargetsOptions options)
    {
        var errors = options
            .SelectMany(target =>
                TargetChecks
                    .Check(target.Key, target.Value, environment.IsDevelopment())
                    .Select(mistake => Describe(target.Key, mistake))
            )
            .ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static string Describe(string target, Mistake mistake) =>
        mistake.Setting.Length == 0
            ? $"{TargetsOptions.Section}:{target}: {mistake.Text}"
            : $"{TargetsOptions.Section}:{target}:{mistake.Setting} {mistake.Text}";
}
