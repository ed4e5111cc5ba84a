using AspireGateway.TestClient.Flow;

namespace AspireGateway.TestClient.Tests.Units;

public sealed class SafeUrlTests
{
    [Theory]
    [InlineData("http://h:5180/mcp", "http://h:5180/mcp")]
    [InlineData("https://user:secret@h/a?b=c#d", "https://h/a?b=…")]
    [InlineData("http://h/cb?code=abc&state=def&iss=http%3A%2F%2Fh", "http://h/cb?code=…&state=…&iss=http%3A%2F%2Fh")]
    [InlineData(
        "http://h/a?scope=mcp%3Atools&resource=r&code_challenge=x",
        "http://h/a?scope=mcp%3Atools&resource=r&code_challenge=…"
    )]
    [InlineData("http://h/a?Code=abc&%63ode=abc", "http://h/a?Code=…&code=…")]
    [InlineData("http://h/a?session_code=abc&tab_id=1&client_id=me", "http://h/a?session_code=…&tab_id=…&client_id=me")]
    public void Only_values_that_are_public_stay(string url, string expected) =>
        SafeUrl.Of(new Uri(url)).ShouldBe(expected);
}
