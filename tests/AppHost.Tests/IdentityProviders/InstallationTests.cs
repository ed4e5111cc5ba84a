using AspireGateway.AppHost.Keycloak;

namespace AspireGateway.AppHost.Tests.IdentityProviders;

public sealed class InstallationTests
{
    [Theory]
    [InlineData("Keycloak - Version 26.7.1", "Keycloak 26.7.1")]
    [InlineData("Keycloak - Version 26.6.0", "Keycloak 26.6.0")]
    [InlineData("Keycloak - Version 999.0.0-SNAPSHOT", "Keycloak 999.0.0")]
    [InlineData("built at home", "Keycloak")]
    public void A_distribution_is_recognized(string version, string name)
    {
        using var keycloak = new FakeKeycloak(version: version);

        keycloak.Installation.Name.ShouldBe(name);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_refused()
    {
        var message = Refused("/nowhere/keycloak");

        message.ShouldStartWith("KEYCLOAK_HOME is '/nowhere/keycloak', but there is no such folder.");
        message.ShouldContain("Point it to an unpacked Keycloak distribution");
        message.ShouldContain("IdentityProvider=embedded");
    }

    [Theory]
    [InlineData("bin/kc.sh", "bin/kc.bat")]
    [InlineData("lib/quarkus-run.jar")]
    public void A_folder_without_a_Keycloak_is_refused_with_what_is_missing(params string[] missing)
    {
        using var keycloak = new FakeKeycloak();
        Array.ForEach(missing, file => File.Delete(Path.Combine(keycloak.Home, file)));

        var message = Refused(keycloak.Home);

        message.ShouldContain("there is no Keycloak");
        message.ShouldContain(Path.GetFileNameWithoutExtension(missing[0]));
        message.ShouldContain("bin, conf and lib");
    }

    [Theory]
    [InlineData("25.0.6")]
    [InlineData("26.5.7")]
    public void A_version_without_the_needed_features_is_refused_before_it_starts(string version)
    {
        using var keycloak = new FakeKeycloak(version: $"Keycloak - Version {version}");

        var message = Refused(keycloak.Home);

        message.ShouldContain($"Keycloak is {version}, which does not know client ID metadata documents");
        message.ShouldContain("Keycloak 26.6 or newer");
    }

    private static string Refused(string home) =>
        Should.Throw<DistributedApplicationException>(() => KeycloakInstallation.Find(home)).Message;
}
