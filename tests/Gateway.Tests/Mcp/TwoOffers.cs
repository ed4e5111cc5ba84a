using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;
using AspireGateway.TestKit.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace AspireGateway.Gateway.Tests.Mcp;

/// <summary>A gateway over two targets, <c>weather</c> and <c>maps</c>, which offer everything that can be listed.</summary>
internal sealed class TwoOffers : IAsyncDisposable
{
    private readonly HttpClient _client;

    private TwoOffers(GatewayHost host, FakeTarget other, HttpClient client) =>
        (Host, Other, _client) = (host, other, client);

    public GatewayHost Host { get; }

    /// <summary>The target <c>maps</c>; the host's own is <c>weather</c>.</summary>
    public FakeTarget Other { get; }

    public static async Task<TwoOffers> StartAsync(
        bool otherOffers = true,
        int promptCount = 1,
        params (string Key, string? Value)[] settings
    )
    {
        var other = await FakeTarget.StartNewAsync();
        other.Offer = otherOffers ? new FakeOffer("maps") { PromptCount = promptCount } : null;
        var host = await GatewayHost.StartAsync(settings: [("Gateway:Targets:maps:Url", other.Url), .. settings]);
        host.Target.Offer = new FakeOffer("weather") { PromptCount = promptCount };
        var client = await host.CreateReadyClientAsync();
        other.ClearRequests();
        return new TwoOffers(host, other, client);
    }

    /// <summary>Sends a request of an older revision to the aggregate endpoint and returns its result.</summary>
    public async Task<JsonElement> SendAsync(string method, string parameters = "{}", string revision = "2025-11-25") =>
        (await AnswerAsync(method, parameters, revision)).Result;

    /// <summary>The same with the whole answer.</summary>
    public async Task<McpAnswer> AnswerAsync(string method, string parameters = "{}", string revision = "2025-11-25")
    {
        using var request = McpRequests.Post(
            "/mcp",
            $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":{{parameters}}}""",
            Host.Token()
        );
        request.Headers.Remove("MCP-Protocol-Version");
        request.Headers.Add("MCP-Protocol-Version", revision);
        return await _client.ReadAsync(request);
    }

    /// <summary>Sends a request of 2026-07-28.</summary>
    public async Task<McpAnswer> ModernAsync(string method, JsonObject? parameters = null, string? name = null)
    {
        using var request = Modern.Send("/mcp", method, parameters ?? [], Host.Token(), name: name);
        return await _client.ReadAsync(request);
    }

    /// <summary>Lets the target <c>weather</c> say something outside of any call.</summary>
    public void Say(string method)
    {
        var target = Service<TargetRegistry>().All.Single(static target => target.Name.Value == "weather");
        Service<TargetNotifications>().Raise(new TargetNotification(target, User: null, method));
    }

    public T Service<T>()
        where T : notnull => Host.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Host.DisposeAsync();
        await Other.DisposeAsync();
    }
}
