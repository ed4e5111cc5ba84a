using System.Net;
using AspireGateway.TestClient.Flow;

namespace AspireGateway.TestClient.Tests.Units;

public sealed class ChallengeTests
{
    [Theory]
    [InlineData("Bearer", null, null, null)]
    [InlineData("Bearer scope=\"a b\", resource_metadata=\"http://h/m\"", null, "a b", "http://h/m")]
    [InlineData("bearer error=\"insufficient_scope\",scope=\"a, b\"", "insufficient_scope", "a, b", null)]
    [InlineData("Bearer realm=\"say \\\"hi\\\", you\", error=invalid_token", "invalid_token", null, null)]
    public void It_is_read_whatever_its_quotes_and_commas(string header, string? error, string? scope, string? metadata)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Unauthorized);
        response.Headers.TryAddWithoutValidation("WWW-Authenticate", header);

        Challenge.Of(response).ShouldBe(new Challenge(error, null, scope, metadata));
    }

    [Fact]
    public void Other_schemes_and_other_answers_are_none()
    {
        using var basic = new HttpResponseMessage(HttpStatusCode.Unauthorized);
        basic.Headers.TryAddWithoutValidation("WWW-Authenticate", "Basic realm=x");
        using var fine = new HttpResponseMessage(HttpStatusCode.OK);
        fine.Headers.TryAddWithoutValidation("WWW-Authenticate", "Bearer");

        Challenge.Of(basic).ShouldBeNull();
        Challenge.Of(fine).ShouldBeNull();
    }
}
