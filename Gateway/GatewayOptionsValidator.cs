using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway;

internal sealed class GatewayOptionsValidator(IHostEnvironment environment) : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var errors = Check(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private IEnumerable<string> Check(GatewayOptions options)
    {
        if (!Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return $"Gateway:PublicUrl is '{options.PublicUrl}', which is no absolute http(s) URL. Set it to the URL "
                + "that clients use, for example https://gateway.example.com.";
            yield break;
        }

        if (url.AbsolutePath != "/" || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            yield return $"Gateway:PublicUrl '{options.PublicUrl}' has more than scheme, host and port. Give the gateway a "
                + "host name of its own and remove the rest.";
        }

        if (url.Scheme != Uri.UriSchemeHttps && !environment.IsDevelopment())
        {
            yield return $"Gateway:PublicUrl '{options.PublicUrl}' is not https. Outside Development tokens travel only over "
                + "https: set an https URL.";
        }

        foreach (var host in options.AllowedHosts.Where(static host => host.Contains('*', StringComparison.Ordinal)))
        {
            yield return $"Gateway:AllowedHosts contains '{host}'. List the exact host names instead of a wildcard.";
        }
    }
}
