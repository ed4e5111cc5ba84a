using AspireGateway.Dashboard.Pages;

namespace AspireGateway.Dashboard.Tests;

public sealed class TextTests
{
    [Theory]
    [InlineData("plain", "plain|")]
    [InlineData("\u001b[31mred\u001b[0m plain", "red|t-red, plain|")]
    [InlineData("\u001b[1;92mbold green\u001b[22m green", "bold green|t-green t-bold, green|t-green")]
    [InlineData("\u001b[38;5;200mpalette\u001b[39m", "palette|")]
    [InlineData("\u001b[2K\u001b[1Amoved", "moved|")]
    [InlineData("\u001b]0;title\u0007text", "text|")]
    [InlineData("\u001b]8;;https://x.example\u001b\\link\u001b]8;;\u001b\\", "link|")]
    [InlineData("\u001bMup", "up|")]
    [InlineData("\u001b[", "\u241b[|")]
    [InlineData("\u001b[99999999999modd", "odd|")]
    [InlineData("", "")]
    public void Colours_of_a_terminal_are_kept_and_its_other_commands_dropped(string line, string expected)
    {
        string.Join(',', TerminalText.Parse(line).Select(static span => $"{span.Text}|{span.Style}"))
            .ShouldBe(expected);
    }

    [Fact]
    public void A_line_of_a_megabyte_is_cut_and_says_so()
    {
        var text = string.Concat(TerminalText.Parse(new string('x', 1_000_000)).Select(static span => span.Text));

        text.Length.ShouldBeLessThan(SafeText.MaximumLength + 100);
        text.ShouldEndWith("more characters)");
    }

    [Fact]
    public void A_megabyte_of_escapes_is_cut_too()
    {
        var spans = TerminalText.Parse(string.Concat(Enumerable.Repeat("\u001b[31mx", 200_000)));

        spans.Sum(static span => span.Text.Length).ShouldBeLessThan(2 * SafeText.MaximumLength + 100);
    }

    [Theory]
    [InlineData("tab\tstays", "tab\tstays")]
    [InlineData("line\r\nend", "line\u240d\u240aend")]
    [InlineData("\u202Edcba\u2066", "\uFFFDdcba\uFFFD")]
    [InlineData("\u0000\u007f\u0085", "\u2400\u2421\uFFFD")]
    [InlineData("emoji 👍🏽 ümläut", "emoji 👍🏽 ümläut")]
    public void Characters_that_a_browser_would_obey_become_visible(string text, string expected)
    {
        SafeText.Clean(text).ShouldBe(expected);
    }

    [Fact]
    public void A_lone_surrogate_becomes_visible()
    {
        SafeText.Clean("a\ud800b").ShouldBe("a\uFFFDb");
    }

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(3660, "1 h 1 min")]
    [InlineData(90000, "1 d 1 h")]
    public void Durations_read_as_a_person_says_them(int seconds, string expected)
    {
        Wording.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0.4, "0.4 ms")]
    [InlineData(12, "12 ms")]
    [InlineData(3_210, "3.21 s")]
    [InlineData(75_300, "75.3 s")]
    [InlineData(125_000, "2 min 5 s")]
    [InlineData(3_660_000, "1 h 1 min")]
    public void Times_between_two_steps_are_as_exact_as_they_are_short(double milliseconds, string expected)
    {
        Wording.Elapsed(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(expected);
    }
}
