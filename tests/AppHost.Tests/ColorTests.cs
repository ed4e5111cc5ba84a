using AspireGateway.AppHost.TestApp;
using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.AppHost.Tests;

public sealed class ColorTests
{
    private static readonly string[] Variables = ["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "FORCE_COLOR"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Resources_are_told_to_write_in_colours_when_somebody_sees_them(bool hasColor)
    {
        var options = new EngineOptions
        {
            AppHostAssembly = typeof(TestAppProject).Assembly,
            Args = [],
            IsTest = true,
            HasColor = hasColor,
        };
        var builder = new DistributedApplicationBuilder(options);
        builder.AddJob("job", 0, "\u001b[32m✔ done\u001b[0m");
        await using var app = builder.Build();
        await app.StartAsync(Cancellation);
        await app.ResourceNotifications.WaitForResourceAsync("job", KnownResourceStates.TerminalStates, Cancellation);

        var told = app.Engine.Board.Find("job")!.Environment.Select(static entry => entry.Name);
        told.Intersect(Variables).Count().ShouldBe(hasColor ? 2 : 0);

        // What the dashboard shows, whoever looks at the console.
        app.Engine.Board.GetLogs("job", 1)[0].Text.ShouldBe("\u001b[32m✔ done\u001b[0m");
    }

    [Theory]
    [InlineData("info: My.Company.Writer[189355] It happened", "info: Writer It happened")]
    [InlineData("warn: Writer`1[-7] It: [1] happened", "warn: Writer`1 It: [1] happened")]
    [InlineData("\u001b[40m\u001b[32minfo\u001b[39m: My.Writer[0] It", "\u001b[40m\u001b[32minfo\u001b[39m: Writer It")]
    [InlineData("info: it happened in My.Writer[0] again", "info: it happened in My.Writer[0] again")]
    [InlineData("2026-11-26 INFO [org.keycloak] Started", "2026-11-26 INFO [org.keycloak] Started")]
    public void The_loggers_namespace_and_number_are_left_out(string written, string shown) =>
        LogText.Shorten(written).ShouldBe(shown);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\u001b[1;32mgreen\u001b[0m and\tplain", "\u001b[1;32mgreen\u001b[0m and    plain")]
    [InlineData("\u001b[2J\u001b[1;1Hcursor", "cursor")]
    [InlineData("\u001b]0;title\u0007text\u001b[31m!", "text\u001b[31m!")]
    [InlineData("\u001b\u001b[31m[2Jnested", "\u001b[31m[2Jnested")]
    [InlineData("bell\u0007 and \u009b31m", "bell and 31m")]
    public void Colours_are_kept_and_nothing_else_steers_the_terminal(string written, string shown)
    {
        Printable.CleanButColors(written).ShouldBe(shown);
        Printable.Clean(shown).ShouldNotContain('\u001b');
    }
}
