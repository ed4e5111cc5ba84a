using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Telemetry;

internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    private const int ShortestSalt = 16;

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options) =>
        options.UserSalt.Length is 0 or >= ShortestSalt
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.UserSalt)} has {options.UserSalt.Length} characters, so that people could be found by trying. Use at least {ShortestSalt} random ones, or remove the setting for a random salt at each start."
            );
}
