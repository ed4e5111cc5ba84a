using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace AspireGateway.SampleMcpServer.Tests;

/// <summary>Which configurations start, and what the others are told.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("weather")]
    [InlineData("everything")]
    public void A_sample_without_protection_starts_by_its_name_alone(string sample) =>
        Mistake("Development", sample).ShouldBeNull();

    [Theory]
    [InlineData(
        "wether",
        "SampleMcpServer:Sample is 'wether', which does not exist. Set it to one of: everything, notes, weather."
    )]
    [InlineData(
        "Weather",
        "SampleMcpServer:Sample is 'Weather', which does not exist. Set it to one of: everything, notes, weather."
    )]
    [InlineData("", "SampleMcpServer:Sample is not set. Set it to one of: everything, notes, weather.")]
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

    [Fact]
    public void The_notes_sample_starts_where_it_knows_its_address_and_whose_tokens_it_takes() =>
        Mistake("Development", "notes", more: Notes).ShouldBeNull();

    [Fact]
    public void A_protected_sample_is_told_everything_that_it_lacks() =>
        Mistake("Development", "notes")
            .ShouldBe(
                string.Join(
                    Environment.NewLine,
                    "SampleMcpServer:PublicUrl is not set, but 'notes' is protected. Set it, for example to http://localhost:5191.",
                    "SampleMcpServer:Authority is not set, but 'notes' is protected. Set it, for example to http://localhost:5182/realms/partner."
                )
            );

    [Theory]
    [InlineData("PublicUrl", "localhost:5191", "no plain http or https address")]
    [InlineData("PublicUrl", "http://localhost:5191?a=b", "no plain http or https address")]
    [InlineData("Authority", "http://user:secret@localhost/realms/partner", "no plain http or https address")]
    public void An_address_that_is_none_is_refused(string setting, string value, string mistake) =>
        Mistake(
                "Development",
                "notes",
                more: new(Notes, StringComparer.Ordinal) { [$"SampleMcpServer:{setting}"] = value }
            )
            .ShouldNotBeNull()
            .ShouldContain(mistake);

    [Fact]
    public void Outside_Development_a_protected_sample_needs_https()
    {
        Dictionary<string, string?> https = new(StringComparer.Ordinal)
        {
            ["SampleMcpServer:PublicUrl"] = "https://notes.example",
            ["SampleMcpServer:Authority"] = "https://id.example/realms/partner",
        };

        Mistake("Production", "notes", more: https).ShouldBeNull();
        Mistake("Production", "notes", more: Notes).ShouldNotBeNull().Split(Environment.NewLine).Length.ShouldBe(2);
    }

    private static Dictionary<string, string?> Notes =>
        new(StringComparer.Ordinal)
        {
            ["SampleMcpServer:PublicUrl"] = "http://localhost:5191",
            ["SampleMcpServer:Authority"] = "http://localhost:5182/realms/partner",
        };

    private static string? Mistake(
        string environment,
        string sample,
        bool logArguments = false,
        Dictionary<string, string?>? more = null
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = environment });
        builder.Configuration["SampleMcpServer:Sample"] = sample;
        builder.Configuration["SampleMcpServer:LogArguments"] = logArguments.ToString();
        builder.Configuration.AddInMemoryCollection(more);
        builder.TryAddSample(out var mistake);
        return mistake;
    }
}
