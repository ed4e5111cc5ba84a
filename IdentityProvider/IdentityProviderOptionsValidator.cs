using AspireGateway.IdentityProvider.Realms;
using Microsoft.Extensions.Options;

namespace AspireGateway.IdentityProvider;

internal sealed class IdentityProviderOptionsValidator(IHostEnvironment environment)
    : IValidateOptions<IdentityProviderOptions>
{
    public ValidateOptionsResult Validate(string? name, IdentityProviderOptions options)
    {
        List<string> errors =
        [
            .. CheckEnvironment(),
            .. CheckRealm(options),
            .. CheckPublicUrl(options.PublicUrl),
            .. CheckLimits(options),
        ];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private IEnumerable<string> CheckEnvironment()
    {
        if (!environment.IsDevelopment())
        {
            yield return $"The environment is '{environment.EnvironmentName}'. The embedded identity provider has public "
                + "passwords and runs in Development only. Use Keycloak or your company's identity provider here, or set "
                + "DOTNET_ENVIRONMENT=Development on a developer's machine.";
        }
    }

    private static IEnumerable<string> CheckRealm(IdentityProviderOptions options)
    {
        if (options.Realm is not (CorpRealm.Name or PartnerRealm.Name))
        {
            yield return $"IdentityProvider:Realm is '{options.Realm}'. Set it to '{CorpRealm.Name}' or '{PartnerRealm.Name}'.";
        }

        if (string.IsNullOrEmpty(options.DemoPassword))
        {
            yield return "IdentityProvider:DemoPassword is missing. Set the password that all demo users share.";
        }

        if (options.Realm == CorpRealm.Name || !string.IsNullOrEmpty(options.GatewayClientSecret))
        {
            foreach (var error in CheckUrl("GatewayPublicUrl", options.GatewayPublicUrl, "http://localhost:5180"))
            {
                yield return error;
            }
        }

        if (options.Realm == PartnerRealm.Name)
        {
            foreach (var error in CheckUrl("NotesPublicUrl", options.NotesPublicUrl, "http://localhost:5191"))
            {
                yield return error;
            }
        }
    }

    private static List<string> CheckPublicUrl(string url)
    {
        var errors = CheckUrl("PublicUrl", url, "http://localhost:5181").ToList();
        if (errors.Count == 0 && !Loopback.IsLoopbackHost(new Uri(url)))
        {
            errors.Add(
                $"IdentityProvider:PublicUrl '{url}' is no loopback URL. The embedded identity provider has public passwords "
                    + "and serves this machine only: use http://localhost:PORT."
            );
        }

        return errors;
    }

    private static IEnumerable<string> CheckUrl(string setting, string value, string example)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return $"IdentityProvider:{setting} is '{value}', which is no absolute http(s) URL. Set it, for example to "
                + $"{example}.";
        }
        else if (url.AbsolutePath != "/" || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            yield return $"IdentityProvider:{setting} '{value}' has more than scheme, host and port. Remove the rest.";
        }
    }

    private static IEnumerable<string> CheckLimits(IdentityProviderOptions options)
    {
        if (options.AccessTokenLifetime < TimeSpan.FromSeconds(1) || options.AccessTokenLifetime > TimeSpan.FromDays(1))
        {
            yield return $"IdentityProvider:AccessTokenLifetime is {options.AccessTokenLifetime}. Set one second to one day.";
        }

        if (options.MaxRegisteredClients is < 1 or > 10_000)
        {
            yield return $"IdentityProvider:MaxRegisteredClients is {options.MaxRegisteredClients}. Set 1 to 10000.";
        }
    }
}
