using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Tests.Vault;

public sealed class SecretTests
{
    [Fact]
    public void A_secret_prints_as_redacted_alone_and_in_what_holds_it()
    {
        var secret = new Secret("s3cr3t");
        var tokens = new GrantTokens(secret, new Secret("r3fr3sh"), ExpiresAt: null, ScopeSet.Empty);

        $"{secret}".ShouldBe("[redacted]");
        tokens.ToString().ShouldContain("[redacted]");
        tokens.ToString().ShouldNotContain("3");
        secret.Reveal().ShouldBe("s3cr3t");
    }

    [Fact]
    public void Secrets_are_equal_where_their_values_are()
    {
        var secret = new Secret("a");

        secret.ShouldBe(new Secret("a"));
        secret.GetHashCode().ShouldBe(new Secret("a").GetHashCode());
        secret.ShouldNotBe(new Secret("b"));
        secret.Equals((object)"a").ShouldBeFalse();
    }
}
