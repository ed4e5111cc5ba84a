using AspireGateway.TestClient.Mcp;
using AspireGateway.TestClient.Output;
using Spectre.Console;

namespace AspireGateway.TestClient.Tests.Units;

public sealed class OutputTests
{
    [Theory]
    [InlineData("plain ✔ text\n", "plain ✔ text\n")]
    [InlineData("\u001b[31mred", "·[31mred")]
    [InlineData("a\u202eb\u0000c\u009bd", "a·b·c·d")]
    public void What_a_terminal_would_obey_is_shown_instead(string text, string expected) =>
        Printable.Of(text).ShouldBe(expected);

    [Fact]
    public void A_known_secret_is_hidden_wherever_it_is_repeated()
    {
        var secrets = new Secrets();
        secrets.Add("very secret/value");
        secrets.Add("demo");
        secrets.Add(null);

        secrets
            .Redact("error: 'very secret/value' and very%20secret%2Fvalue in the demo")
            .ShouldBe("error: '[redacted]' and [redacted] in the demo");
    }

    [Theory]
    [InlineData(null, "1", null, true)]
    [InlineData(null, null, "true", true)]
    [InlineData("1", "1", null, false)]
    [InlineData(null, "0", null, false)]
    public void Colours_in_a_pipe_only_when_they_are_asked_for(
        string? noColor,
        string? force,
        string? dotnet,
        bool ansi
    ) =>
        TerminalStyle
            .Detect(name =>
                name switch
                {
                    "NO_COLOR" => noColor,
                    "FORCE_COLOR" => force,
                    "DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION" => dotnet,
                    "TERM" => "dumb",
                    _ => null,
                }
            )
            .Ansi.ShouldBe(ansi);

    [Theory]
    [InlineData(true, "\u001b[32m")]
    [InlineData(false, "good")]
    public void Lines_are_never_broken_and_coloured_only_on_request(bool ansi, string start)
    {
        using var output = new StringWriter();
        var terminal = new Terminal(output, new TerminalStyle(ansi, 80), new Secrets());
        var url = "good http://localhost/" + new string('x', 500);

        terminal.Line(url, new Style(Color.Green));

        output.ToString().ShouldStartWith(start);
        output.ToString().ShouldContain(url);
    }

    [Theory]
    [InlineData("get_forecast", "weather___get_forecast")]
    [InlineData("get_forcast", "weather___get_forecast")]
    [InlineData("weather__get_forecast", "weather___get_forecast")]
    [InlineData("zebra", null)]
    public void Near_names_are_suggested(string word, string? expected) =>
        Suggestions
            .For(word, ["weather___get_forecast", "weather___watch_storm", "notes___add"])
            .ShouldBe(expected is null ? [] : [expected]);
}
