using AspireGateway.Gateway.Outbound;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Which settings of the OAuth client are refused at the start.</summary>
public sealed class OutboundOptionsTests
{
    [Theory]
    [InlineData("00:00:00", false)]
    [InlineData("00:00:01", true)]
    [InlineData("00:10:00", true)]
    [InlineData("00:10:01", false)]
    public void A_consent_has_some_time_and_ten_minutes_at_the_most(string lifetime, bool isRight) =>
        Check(new OutboundOptions { ConsentLifetime = Time(lifetime) }, "ConsentLifetime", isRight);

    [Theory]
    [InlineData("-00:00:01", false)]
    [InlineData("00:00:00", true)]
    [InlineData("00:00:01", true)]
    public void A_refresh_ahead_may_be_left_out_and_is_never_behind(string ahead, bool isRight) =>
        Check(new OutboundOptions { RefreshAhead = Time(ahead) }, "RefreshAhead", isRight);

    [Theory]
    [InlineData("00:00:00", false)]
    [InlineData("00:00:01", true)]
    [InlineData("00:01:00", true)]
    [InlineData("00:01:01", false)]
    public void A_token_endpoint_has_some_time_and_a_minute_at_the_most(string timeout, bool isRight) =>
        Check(new OutboundOptions { TokenEndpointTimeout = Time(timeout) }, "TokenEndpointTimeout", isRight);

    [Theory]
    [InlineData("", true)]
    [InlineData("https://gateway.example/client.json", true)]
    [InlineData("client.json", false)]
    [InlineData("ftp://gateway.example/client.json", false)]
    public void A_metadata_document_is_an_absolute_url_of_the_web(string url, bool isRight) =>
        Check(new OutboundOptions { ClientMetadataDocument = url }, "ClientMetadataDocument", isRight);

    [Theory]
    [InlineData("https://agent.example/", true)]
    [InlineData("http://localhost:3000/", true)]
    [InlineData("agent.example", false)]
    [InlineData("myapp://done", false)]
    public void A_page_to_return_to_is_an_absolute_url_of_the_web(string url, bool isRight)
    {
        var options = new OutboundOptions();
        options.AllowedReturnUrls.Add(url);

        Check(options, "AllowedReturnUrls", isRight);
    }

    [Fact]
    public void Every_mistake_is_named_at_once()
    {
        var options = new OutboundOptions { ConsentLifetime = TimeSpan.Zero, TokenEndpointTimeout = TimeSpan.Zero };

        new OutboundOptionsValidator().Validate(name: null, options).Failures.ShouldNotBeNull().Count().ShouldBe(2);
    }

    private static void Check(OutboundOptions options, string setting, bool isRight)
    {
        var result = new OutboundOptionsValidator().Validate(name: null, options);

        result.Succeeded.ShouldBe(isRight);
        if (!isRight)
        {
            result.Failures.ShouldHaveSingleItem().ShouldContain("Gateway:Outbound:" + setting);
        }
    }

    private static TimeSpan Time(string text) =>
        TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
