using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound;

internal sealed class OutboundOptionsValidator : IValidateOptions<OutboundOptions>
{
    private static readonly TimeSpan MaxConsentLifetime = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, OutboundOptions options)
    {
        var errors = new List<string>();
        if (options.ConsentLifetime <= TimeSpan.Zero || options.ConsentLifetime > MaxConsentLifetime)
        {
            errors.Add(
                $"Gateway:Outbound:ConsentLifetime is {options.ConsentLifetime}. Choose a time up to {MaxConsentLifetime}."
            );
        }

        if (options.RefreshAhead < TimeSpan.Zero)
        {
            errors.Add(
                $"Gateway:Outbound:RefreshAhead is {options.RefreshAhead}. Use 00:00:00 to refresh only after expiry, or a positive time."
            );
        }

        if (options.TokenEndpointTimeout <= TimeSpan.Zero || options.TokenEndpointTimeout > TimeSpan.FromMinutes(1))
        {
            errors.Add(
                $"Gateway:Outbound:TokenEndpointTimeout is {options.TokenEndpointTimeout}. Choose a time up to 00:01:00."
            );
        }

        if (options.ClientMetadataDocument.Length > 0 && !IsAbsolute(options.ClientMetadataDocument))
        {
            errors.Add(
                $"Gateway:Outbound:ClientMetadataDocument is '{options.ClientMetadataDocument}', which is no absolute URL."
            );
        }

        errors.AddRange(
            options
                .AllowedReturnUrls.Where(static url => !IsAbsolute(url))
                .Select(static url =>
                    $"Gateway:Outbound:AllowedReturnUrls contains '{url}', which is no absolute http(s) URL."
                )
        );
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static bool IsAbsolute(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
