using System.Text;
using AspireGateway.Gateway.Outbound.AuthorizationCode;
using AspireGateway.Gateway.Outbound.Http;
using CsCheck;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Only what is a token by RFC 6749 §5 and fit to be sent in a header gets into the vault.</summary>
public sealed class TokenResponseTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ScopeSet Asked = ScopeSet.Parse("a b");

    [Theory]
    [InlineData("""{"access_token":"x","token_type":"Bearer"}""")]
    [InlineData("""{"access_token":"x","token_type":"bearer","expires_in":3600,"refresh_token":"y","scope":"a"}""")]
    [InlineData("""{"access_token":"x","token_type":"bearer","expires_in":"3600"}""")]
    [InlineData("""{"access_token":"x"}""")]
    [InlineData("""{"access_token":"x","token_type":"user","more":{"of":"it"}}""")]
    public void A_good_answer_is_read(string body)
    {
        var tokens = Read(200, body).ShouldBeOfType<TokenResult.Success>().Tokens;
        tokens.AccessToken.Reveal().ShouldBe("x");
        tokens.ToString().ShouldNotContain("x,");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"access_token":""}""")]
    [InlineData("""{"access_token":7}""")]
    [InlineData("""{"access_token":"x","access_token":"y"}""")]
    [InlineData("""{"access_token":"x","token_type":"mac"}""")]
    [InlineData("""{"access_token":"x","token_type":"DPoP"}""")]
    [InlineData("""{"access_token":"two words"}""")]
    [InlineData("""{"access_token":"line\r\nbreak: injected"}""")]
    [InlineData("""{"access_token":"ünïcode"}""")]
    [InlineData("""{"access_token":"x","refresh_token":"a b"}""")]
    [InlineData("""{"access_token":"x","expires_in":-1}""")]
    [InlineData("""{"access_token":"x","expires_in":"soon"}""")]
    [InlineData("""{"access_token":"x","expires_in":1e400}""")]
    [InlineData("""{"access_token":"x","expires_in":99999999999999}""")]
    [InlineData("""{"access_token":"x"} trailing""")]
    public void Anything_else_is_an_error_that_keeps_the_grant(string body) =>
        Read(200, body).ShouldBeOfType<TokenResult.Failure>().IsLasting.ShouldBeFalse();

    [Theory]
    [InlineData(400, true)]
    [InlineData(401, true)]
    [InlineData(200, true)]
    [InlineData(408, false)]
    [InlineData(425, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public void Only_a_clear_invalid_grant_ends_a_grant(int status, bool ends) =>
        Read(status, """{"error":"invalid_grant"}""").ShouldBeOfType<TokenResult.Failure>().IsLasting.ShouldBe(ends);

    [Theory]
    [InlineData("invalid_client")]
    [InlineData("invalid_request")]
    [InlineData("something of its own <b>")]
    public void Other_errors_keep_it_and_unknown_words_are_not_repeated(string error)
    {
        var failure = Read(400, $$"""{"error":"{{error}}"}""").ShouldBeOfType<TokenResult.Failure>();
        failure.IsLasting.ShouldBeFalse();
        failure.Reason.ShouldNotContain("<");
    }

    [Fact]
    public void Scopes_that_the_answer_does_not_name_are_those_that_were_asked_for()
    {
        Scopes("""{"access_token":"x"}""").ShouldBe("a b");
        Scopes("""{"access_token":"x","scope":"c,d e"}""").ShouldBe("c d e");
    }

    [Fact]
    public void Arbitrary_bytes_never_throw() =>
        Gen
            .Byte.Array[0, 300]
            .Sample(
                static bytes =>
                {
                    _ = TokenResponse.Read(new HttpAnswer(200, "application/json", bytes, null, null), "", Asked, Now);
                    _ = TokenResponse.Read(
                        new HttpAnswer(200, "application/x-www-form-urlencoded", bytes, null, null),
                        "",
                        Asked,
                        Now
                    );
                },
                iter: 20_000
            );

    [Fact]
    public void Whatever_is_accepted_is_safe_in_a_header() =>
        Gen.String.Sample(
            static token =>
            {
                var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { access_token = token });
                var answer = new HttpAnswer(200, "application/json", body, null, null);
                return TokenResponse.Read(answer, "", Asked, Now) is not TokenResult.Success success
                    || success.Tokens.AccessToken.Reveal().All(static c => c is > ' ' and < '\x7f');
            },
            iter: 20_000
        );

    private static TokenResult Read(int status, string body) =>
        TokenResponse.Read(
            new HttpAnswer(status, "application/json", Encoding.UTF8.GetBytes(body), null, null),
            "",
            Asked,
            Now
        );

    private static string Scopes(string body) => ((TokenResult.Success)Read(200, body)).Tokens.Scopes.ToString();
}
