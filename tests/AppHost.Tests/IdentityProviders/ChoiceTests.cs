using Microsoft.Extensions.Configuration;

namespace AspireGateway.AppHost.Tests.IdentityProviders;

public sealed class ChoiceTests
{
    private const string Setting = "IdentityProvider";

    [Theory]
    [InlineData(
        null,
        false,
        false,
        "docker",
        "Embedded",
        "KEYCLOAK_HOME is not set and the local engine runs no containers"
    )]
    [InlineData(null, false, true, null, "Embedded", "KEYCLOAK_HOME is not set and no container runtime answers")]
    [InlineData(null, false, true, "podman", "KeycloakContainer", "because podman answers")]
    [InlineData(null, true, true, "docker", "KeycloakInstallation", "because KEYCLOAK_HOME names it")]
    [InlineData(null, true, false, null, "KeycloakInstallation", "because KEYCLOAK_HOME names it")]
    [InlineData("embedded", true, true, "docker", "Embedded", "as IdentityProvider=embedded asks")]
    [InlineData("Keycloak", true, false, null, "KeycloakInstallation", "because KEYCLOAK_HOME names it")]
    [InlineData("keycloak", false, true, "docker", "KeycloakContainer", "because docker answers")]
    [InlineData("external", true, true, "docker", "External", "as IdentityProvider=external asks")]
    public void Circumstances_decide_and_one_line_says_what_and_why(
        string? asked,
        bool hasHome,
        bool hasContainers,
        string? runtime,
        string kind,
        string reason
    )
    {
        using var keycloak = new FakeKeycloak();

        var choice = Make(
            asked,
            hasHome ? keycloak.Home : null,
            new Circumstances(hasContainers, false, () => runtime)
        );

        choice.Kind.ToString().ShouldBe(kind);
        choice.Explanation.ShouldStartWith("Identity provider: ");
        choice.Explanation.ShouldContain(reason);
        choice.Explanation.ShouldNotContain("\n");
        choice.Installation.ShouldBe(kind == "KeycloakInstallation" ? keycloak.Installation : null);
    }

    [Theory]
    [InlineData(null, null, "for Keycloak, set KEYCLOAK_HOME to an unpacked Keycloak distribution")]
    [InlineData(null, "docker", "IdentityProvider=embedded chooses the embedded one")]
    public void Where_nothing_was_asked_for_the_line_says_how_to_get_the_other(
        string? asked,
        string? runtime,
        string way
    )
    {
        Make(asked, null, new Circumstances(true, false, () => runtime)).Explanation.ShouldContain(way);
    }

    [Theory]
    [InlineData(null, "KeycloakContainer")]
    [InlineData("keycloak", "KeycloakContainer")]
    [InlineData("external", "External")]
    public void What_is_published_is_never_the_embedded_provider_nor_an_installation(string? asked, string kind)
    {
        using var keycloak = new FakeKeycloak();

        Make(asked, keycloak.Home, new Circumstances(true, true, static () => null)).Kind.ToString().ShouldBe(kind);
        Refused("embedded", new Circumstances(true, true, static () => null)).ShouldContain("'keycloak' or 'external'");
    }

    [Fact]
    public void Keycloak_without_any_is_refused_with_all_ways_to_get_one()
    {
        var local = Refused("keycloak", new Circumstances(false, false, static () => null));
        var aspire = Refused("keycloak", new Circumstances(true, false, static () => null));

        local.ShouldContain("set KEYCLOAK_HOME to an unpacked Keycloak distribution");
        local.ShouldNotContain("Docker");
        local.ShouldContain("or set IdentityProvider=embedded");
        aspire.ShouldContain("or start Docker or Podman");
    }

    [Fact]
    public void An_unknown_provider_is_refused_with_those_that_there_are() =>
        Refused("okta", new Circumstances(false, false, static () => null))
            .ShouldBe(
                "IdentityProvider is 'okta'. Set it to 'keycloak', 'embedded' or 'external', or leave it unset to have it chosen."
            );

    [Fact]
    public void Containers_are_only_looked_for_where_they_would_be_used()
    {
        using var keycloak = new FakeKeycloak();
        static string? Never() => throw new InvalidOperationException("nobody needs to know");

        Make("embedded", null, new Circumstances(true, false, Never)).Kind.ShouldBe(IdentityProviderKind.Embedded);
        Make(null, null, new Circumstances(false, false, Never)).Kind.ShouldBe(IdentityProviderKind.Embedded);
        Make(null, keycloak.Home, new Circumstances(true, false, Never))
            .Kind.ShouldBe(IdentityProviderKind.KeycloakInstallation);
    }

    private static string Refused(string asked, Circumstances here) =>
        Should.Throw<DistributedApplicationException>(() => Make(asked, null, here)).Message;

    private static IdentityProviderChoice Make(string? asked, string? home, Circumstances here) =>
        IdentityProviderChoice.Make(
            new ConfigurationBuilder().AddInMemoryCollection([new(Setting, asked), new("KEYCLOAK_HOME", home)]).Build(),
            here
        );
}
