using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Mcp.Conversation;

/// <summary>The gateway with a target <c>talk</c> of one era that converses during its calls.</summary>
internal sealed class TalkHost : IAsyncDisposable
{
    private TalkHost(GatewayHost gateway, ConversingTarget target, HttpClient http)
    {
        Gateway = gateway;
        Target = target;
        Http = http;
    }

    public GatewayHost Gateway { get; }

    public ConversingTarget Target { get; }

    public HttpClient Http { get; }

    public static async Task<TalkHost> StartAsync(
        bool isTargetModern,
        TimeProvider? time = null,
        Action<ConversingTarget>? target = null,
        params (string Key, string? Value)[] settings
    )
    {
        var talker = await ConversingTarget.StartNewAsync(isTargetModern);
        target?.Invoke(talker);
        var gateway = await GatewayHost.StartAsync(
            time: time,
            settings: [("Gateway:Targets:talk:Url", talker.Url), .. settings]
        );
        return new TalkHost(gateway, talker, await gateway.CreateReadyClientAsync());
    }

    /// <summary>The same, while no time passes: every answer is there soon, however busy this machine is.</summary>
    public static Task<TalkHost> StartQuickAsync(bool isTargetModern) =>
        StartAsync(isTargetModern, new FakeTimeProvider(TimeProvider.System.GetUtcNow()));

    public string Token(string subject = "user-1") => Gateway.Token((_, payload) => payload["sub"] = subject);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Gateway.DisposeAsync();
        await Target.DisposeAsync();
    }
}
