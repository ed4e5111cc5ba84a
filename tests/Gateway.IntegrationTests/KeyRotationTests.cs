using System.Net;
using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>The realm gets another signing key while everything runs. Only Keycloak has an administration for that.</summary>
[Collection(WithKeycloak.Name)]
public sealed class KeyRotationTests(KeycloakSystem system) : SystemTests(system)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_token_with_the_new_key_is_accepted_within_30_seconds_and_older_ones_stay_good()
    {
        var older = await TokenAsync(Running.Issuer, Running.Mcp);
        (await SendAsync(Running.Mcp, older)).Status.ShouldBe(HttpStatusCode.OK);

        using var admin = await KeycloakAdmin.SignInAsync(Running.Issuer, Stop);
        await admin.AddSigningKeyAsync("corp", Stop);
        var newer = await TokenAsync(Running.Issuer, Running.Mcp);
        var rotated = TimeProvider.System.GetTimestamp();
        await Patience.UntilAsync(
            async () => (await SendAsync(Running.Mcp, newer)).Status == HttpStatusCode.OK,
            "the gateway accepts a token with the new key",
            Stop
        );

        KeyOf(newer).ShouldNotBe(KeyOf(older));
        // The last of the polls began within the time; it may have been answered a moment later.
        TimeProvider.System.GetElapsedTime(rotated).ShouldBeLessThan(Promised + TimeSpan.FromSeconds(5));
        (await SendAsync(Running.Mcp, older)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static string KeyOf(string token) => (string)Jwt.Header(token)["kid"]!;
}
