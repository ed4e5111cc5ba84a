using System.Security.Cryptography;
using System.Text;
using AspireGateway.IdentityProvider.Realms;
using Microsoft.Extensions.Options;

namespace AspireGateway.IdentityProvider.Pages;

/// <summary>A7: takes user name and password, and sends the browser back to the authorization endpoint.</summary>
internal static class LoginEndpoint
{
    public const string PendingField = "pending";

    public static async Task<IResult> HandleAsync(
        HttpContext http,
        Realm realm,
        Session session,
        PendingRequests pendingRequests,
        IOptions<IdentityProviderOptions> options,
        ILogger<Session> logger
    )
    {
        if (!http.Request.HasFormContentType || !await session.IsGenuineAsync(http))
        {
            return MessagePage.OutOfDate(realm);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var sealedRequest = form[PendingField].ToString();
        if (pendingRequests.Open(sealedRequest) is not { } pending)
        {
            return MessagePage.OutOfDate(realm);
        }

        var username = form["username"].ToString().Trim();
        var user = realm.Users.FirstOrDefault(user => user.Username == username);
        if (!IsPassword(form["password"].ToString(), options.Value.DemoPassword) || user is null)
        {
            logger.SignInRefused();
            var redirectsTo = new Uri(pending.RedirectUri);
            return LoginPage.Create(
                realm,
                new LoginForm(sealedRequest, pending.ClientName, redirectsTo, session.AntiforgeryField(http))
                {
                    Username = username,
                    Failed = true,
                }
            );
        }

        await Session.StartAsync(http, user);
        logger.SignedIn(user.Username);
        return Results.LocalRedirect(realm.Paths.Authorize + pending.Query);
    }

    private static bool IsPassword(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)),
            SHA256.HashData(Encoding.UTF8.GetBytes(expected))
        );
}
