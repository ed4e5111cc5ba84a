using AspireGateway.Gateway.Outbound.Connect;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Which answers of an authorization server can be understood (RFC 6749 §4.1.2).</summary>
public sealed class CallbackParametersTests
{
    private const int Limit = 8 * 1024;

    [Theory]
    [InlineData("?state=s&code=c", "c", null)]
    [InlineData("?state=s&code=c&iss=https://id.example", "c", "https://id.example")]
    [InlineData("?state=s&code=c&iss=", "c", "")]
    [InlineData("?state=s&error=access_denied", null, null)]
    [InlineData("?state=s&error=access_denied&iss=https://id.example", null, "https://id.example")]
    [InlineData("?state=s&error=", null, null)]
    [InlineData("?state=s&code=c&scope=a&scope=b", "c", null)]
    public void An_answer_is_a_state_and_either_a_code_or_an_error(string query, string? code, string? issuer) =>
        Read(query).ShouldBe(new CallbackParameters("s", code, issuer));

    [Theory]
    [InlineData("")]
    [InlineData("?code=c")]
    [InlineData("?state=&code=c")]
    [InlineData("?state=s")]
    [InlineData("?state=s&code=")]
    [InlineData("?state=s&code=c&error=access_denied")]
    [InlineData("?state=s&state=s&code=c")]
    [InlineData("?state=s&code=c&code=c")]
    [InlineData("?state=s&code=c&iss=a&iss=a")]
    [InlineData("?state=s&error=a&error=a")]
    public void What_is_less_or_more_or_comes_twice_is_none(string query) => Read(query).ShouldBeNull();

    [Theory]
    [InlineData("?state=s&code=~")]
    [InlineData("?state=~&code=c")]
    [InlineData("?state=s&code=c&iss=~")]
    [InlineData("?state=s&error=~")]
    public void Each_parameter_has_eight_kilobytes(string query)
    {
        Read(query.Replace("~", new string('x', Limit))).ShouldNotBeNull();
        Read(query.Replace("~", new string('x', Limit + 1))).ShouldBeNull();
    }

    private static CallbackParameters? Read(string query) =>
        CallbackParameters.Read(new QueryCollection(QueryHelpers.ParseQuery(query)));
}
