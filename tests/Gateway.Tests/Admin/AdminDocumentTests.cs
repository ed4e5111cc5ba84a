using System.Text.RegularExpressions;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>The calls of <c>docs/admin-api.md</c> do what the page says.</summary>
public sealed partial class AdminDocumentTests
{
    [Fact]
    public async Task Every_call_of_the_page_succeeds_in_its_order()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        var page = await File.ReadAllTextAsync(
            Repository.File("docs/admin-api.md"),
            TestContext.Current.CancellationToken
        );
        var calls = Bash().Matches(page).SelectMany(static block => Calls(block.Groups["text"].Value)).ToList();

        calls.Count.ShouldBeGreaterThanOrEqualTo(13);
        foreach (var (method, path, body) in calls)
        {
            var answer = await host.Gateway.AdminAsync(method, path, body);
            ((int)answer.Status).ShouldBeInRange(200, 299, $"{method} {path}: {answer.Text}");
        }
    }

    [Fact]
    public async Task Every_endpoint_is_on_the_page()
    {
        var page = await File.ReadAllTextAsync(
            Repository.File("docs/admin-api.md"),
            TestContext.Current.CancellationToken
        );
        await using var host = await GatewayHost.StartAsync();
        host.CreateClient().Dispose();
        var sources = (Microsoft.AspNetCore.Routing.EndpointDataSource)
            host.Services.GetService(typeof(Microsoft.AspNetCore.Routing.EndpointDataSource))!;

        var paths = sources
            .Endpoints.OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
            .Select(static endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'))
            .Where(static path => path.StartsWith("/admin", StringComparison.Ordinal))
            .Select(static path => path.Split('/')[^1])
            .Where(static last => !last.StartsWith('{'))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        paths.Count.ShouldBeGreaterThanOrEqualTo(6);
        paths.ShouldAllBe(last => page.Contains(last, StringComparison.Ordinal));
    }

    private static IEnumerable<(HttpMethod Method, string Path, string? Body)> Calls(string text) =>
        Curl()
            .Matches(text)
            .Select(static call =>
                (
                    new HttpMethod(call.Groups["method"].Success ? call.Groups["method"].Value : "GET"),
                    call.Groups["path"].Value,
                    call.Groups["body"].Success ? call.Groups["body"].Value : null
                )
            );

    [GeneratedRegex("```bash\\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bash();

    [GeneratedRegex(
        """curl( -X (?<method>\w+))? "\$GATEWAY/admin(?<path>[^"]*)"[^']*?(-d '(?<body>[^']*)')?(?=\s*(curl|$))""",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Curl();
}
