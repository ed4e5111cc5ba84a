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
    [InlineData("Bearer !#$%&'*+-.^_`|~9=\"x\", error=!#$%&'*+-.^_`|~9", "!#$%&'*+-.^_`|~9", null, null)]
    [InlineData("Basic realm=x,\tBearer\terror=\tb ,", "b", null, null)]
    [InlineData("Bearer scope=\"\", Basic realm=\"x\"", null, "", null)]
    [InlineData("Bearer ERROR=a", "a", null, null)]
    [InlineData("Bearer scope=\"a\\\\\"", null, "a\\", null)]
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
    [InlineData("Bearer scope=\"")]
    [InlineData("Bearer scope=\"never closed\\")]
    [InlineData("Bearer scope=\"never closed\\\"")]
    [InlineData("Bearer scope=")]
    [InlineData("Bearer scope=, error=x")]
    [InlineData("Bearer =\"a\"")]
    [InlineData("Bearer scope=\"a\" \"b\"")]
    [InlineData("Basic realm=\"x\" / Bearer")]
    [InlineData("(Bearer)")]
    public void What_is_none_or_ambiguous_is_none(string? header) => BearerChallenge.Parse(header).ShouldBeNull();

    [Theory]
    [InlineData(8 * 1024, true)]
    [InlineData((8 * 1024) + 1, false)]
    public void A_header_is_read_up_to_eight_kilobytes(int length, bool isRead)
    {
        const string Start = "Bearer error=";

        var challenge = BearerChallenge.Parse(Start + new string('x', length - Start.Length));

        (challenge is not null).ShouldBe(isRead);
    }

    [Fact]
    public void Arbitrary_text_never_throws_and_ends() =>
        Gen.String[Gen.OneOf(Gen.Char, Gen.Char["\",= Bearer\\"]), 0, 200]
            .Sample(static text => _ = BearerChallenge.Parse("Bearer " + text), iter: 50_000);
}
