using AspireGateway.AppHost.Keycloak;

namespace AspireGateway.AppHost.Tests.IdentityProviders;

public sealed class BuildTests
{
    private static readonly Dictionary<string, string> Options = new() { ["KC_FEATURES"] = "cimd" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keycloak_compiles_itself_once_however_many_ask_at_the_same_time()
    {
        FakeKeycloak.SkipOnWindows();
        using var keycloak = new FakeKeycloak();
        var before = keycloak.Snapshot();

        var folders = await Task.WhenAll(GetAsync(keycloak, Options), GetAsync(keycloak, Options));
        var later = await GetAsync(keycloak, Options);

        folders.Append(later).Distinct().ShouldHaveSingleItem();
        (await File.ReadAllTextAsync(Path.Combine(later, "generated-bytecode.jar"), Cancellation))
            .Trim()
            .ShouldBe("compiled");
        keycloak.Compilations.ShouldBe(1);
        keycloak.Snapshot().ShouldBe(before);
    }

    [Fact]
    public async Task Other_features_are_compiled_for_themselves()
    {
        FakeKeycloak.SkipOnWindows();
        using var keycloak = new FakeKeycloak();

        await GetAsync(keycloak, Options);
        await GetAsync(keycloak, new Dictionary<string, string> { ["KC_FEATURES"] = "cimd,opentelemetry" });

        keycloak.Compilations.ShouldBe(2);
    }

    [Fact]
    public async Task A_version_that_ends_without_a_word_has_compiled_when_its_files_changed()
    {
        FakeKeycloak.SkipOnWindows();
        using var keycloak = new FakeKeycloak(
            """
            echo compiled > "$(dirname "$0")/../lib/quarkus/generated-bytecode.jar"
            echo 'no such database'
            exit 1
            """
        );

        var folder = await GetAsync(keycloak, Options);

        (await File.ReadAllTextAsync(Path.Combine(folder, "generated-bytecode.jar"), Cancellation))
            .Trim()
            .ShouldBe("compiled");
    }

    [Theory]
    [InlineData(
        "echo \"'cimd' is an unrecognized feature. Did you mean: dpop?\" >&2; exit 2",
        "Keycloak 26.7.1 says: 'cimd' is an unrecognized feature. Did you mean: dpop?",
        "Point KEYCLOAK_HOME to 26.6 or newer"
    )]
    [InlineData(
        "echo \"$0: 1: eval: java: not found\" >&2; exit 127",
        "java: not found",
        "Install a Java 21 runtime (17 at least)"
    )]
    public async Task A_Keycloak_that_cannot_start_is_quoted_with_what_helps(string script, string words, string advice)
    {
        FakeKeycloak.SkipOnWindows();
        using var keycloak = new FakeKeycloak(script);

        var message = (
            await Should.ThrowAsync<DistributedApplicationException>(() => GetAsync(keycloak, Options))
        ).Message;

        message.ShouldContain(words);
        message.ShouldContain(advice);
    }

    private static Task<string> GetAsync(FakeKeycloak keycloak, Dictionary<string, string> options) =>
        new KeycloakBuild(keycloak.Cache, static _ => { }).GetAsync(
            keycloak.Installation,
            options,
            keycloak.RealmsFolder,
            Cancellation
        );
}
