using AspireGateway.Gateway.Outbound.Discovery;
using CsCheck;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary><c>WWW-Authenticate</c> of targets, which may be anything.</summary>
public sealed class BearerChallengeTests
{
    [Theory]
    [InlineData("Bearer", null, null, null)]
    [InlineData("bearer scope=\"a b\"", null, "a b", null)]
    [InlineData(
        "Bearer error=insufficient_scope, scope=\"a\", resource_metadata=\"https://x/y\"",
        "insufficient_scope",
        "a",
        "https://x/y"
    )]
    [InlineData("Basic realm=\"x, Bearer scope=\\\"no\\\"\", Bearer scope=\"yes\"", null, "yes", null)]
    [InlineData("Negotiate, Bearer realm=\"r\" , scope = \"a\"", null, "a", null)]
    [InlineData("Bearer scope=\"a \\\"quoted\\\" b\"", null, "a \"quoted\" b", null)]
    public void A_challenge_is_understood(string header, string? error, string? scope, string? metadata)
    {
        var challenge = BearerChallenge.Parse(header).ShouldNotBeNull();
        challenge.Error.ShouldBe(error);
        challenge.Scope?.ToString().ShouldBe(scope);
        challenge.ResourceMetadata.ShouldBe(metadata);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic realm=\"x\"")]
    [InlineData("Bearer scope=\"a\", scope=\"b\"")]
    [InlineData("Bearer scope=\"never closed")]
    public void What_is_none_or_ambiguous_is_none(string? header) => BearerChallenge.Parse(header).ShouldBeNull();

    [Fact]
    public void Arbitrary_text_never_throws_and_ends() =>
        Gen.String[Gen.OneOf(Gen.Char, Gen.Char["\",= Bearer\\"]), 0, 200]
            .Sample(static text => _ = BearerChallenge.Parse("Bearer " + text), iter: 50_000);
}
