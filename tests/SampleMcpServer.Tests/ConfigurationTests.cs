using Microsoft.AspNetCore.Builder;

namespace AspireGateway.SampleMcpServer.Tests;

/// <summary>Which configurations start, and what the others are told.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public void The_weather_sample_starts() => Mistake("Development", "weather").ShouldBeNull();

    [Theory]
    [InlineData("wether", "SampleMcpServer:Sample is 'wether', which does not exist. Set it to one of: weather.")]
    [InlineData("Weather", "SampleMcpServer:Sample is 'Weather', which does not exist. Set it to one of: weather.")]
    [InlineData("", "SampleMcpServer:Sample is not set. Set it to one of: weather.")]
    public void A_sample_that_does_not_exist_is_refused_with_the_list_of_those_that_do(string sample, string mistake) =>
        Mistake("Development", sample).ShouldBe(mistake);

    [Fact]
    public void Arguments_are_logged_in_Development_only()
    {
        Mistake("Development", "weather", logArguments: true).ShouldBeNull();
        Mistake("Production", "weather", logArguments: true).ShouldNotBeNull().ShouldContain("LogArguments");
    }

    [Fact]
    public void All_mistakes_are_told_at_once() =>
        Mistake("Production", "", logArguments: true).ShouldNotBeNull().Split(Environment.NewLine).Length.ShouldBe(2);

    private static string? Mistake(string environment, string sample, bool logArguments = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = environment });
        builder.Configuration["SampleMcpServer:Sample"] = sample;
        builder.Configuration["SampleMcpServer:LogArguments"] = logArguments.ToString();
        builder.TryAddSample(out var mistake);
        return mistake;
    }
}
