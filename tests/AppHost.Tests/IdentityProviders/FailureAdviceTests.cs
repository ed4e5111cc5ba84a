using AspireGateway.AppHost.Keycloak;

namespace AspireGateway.AppHost.Tests.IdentityProviders;

public sealed class FailureAdviceTests
{
    private const string Import =
        "INFO  [o.k.services] KC-SERVICES0030: Full model import requested. Strategy: IGNORE_EXISTING";

    // Last lines of Keycloak 26.7.1, of its script and of Java.
    [Theory]
    [InlineData("ERROR: Port already bound: 6381: Address already in use", "Another program has taken the port")]
    [InlineData("ERROR: Database may be already in use: \"keycloakdb.mv.db\".", "Another Keycloak of this clone")]
    [InlineData("'cimdx' is an unrecognized feature. Did you mean: cimd?", "26.6 or newer")]
    [InlineData("kc.sh: 1: eval: /nonexistent/java: not found", "JAVA_HOME")]
    [InlineData("java.lang.UnsupportedClassVersionError: class file version 61.0", "This Java is too old")]
    [InlineData("java.lang.OutOfMemoryError: Java heap space", "JAVA_OPTS_KC_HEAP")]
    [InlineData("ERROR: Failed to run import", "A realm file has a mistake")]
    public void What_helps_is_known_for_each_way_to_fail(string line, string advice) =>
        KeycloakFailures
            .Explain(["starting", line, "For more details run with --verbose"], "realms")
            .ShouldNotBeNull()
            .ShouldContain(advice);

    [Theory]
    [InlineData("ERROR: No such provider 'max-clents'")]
    [InlineData("ERROR: proposed client profile contains the executor, which does not have valid provider")]
    public void Whatever_happens_during_the_import_is_a_mistake_in_a_realm_file(string line)
    {
        KeycloakFailures
            .Explain([Import, line], "realms")
            .ShouldNotBeNull()
            .ShouldContain("A realm file has a mistake");
        KeycloakFailures
            .Explain([Import, "INFO  [o.k.services] KC-SERVICES0032: Import finished successfully", line], "realms")
            .ShouldBeNull("that was later");
    }
}
