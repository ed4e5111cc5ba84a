using AspireGateway.TestKit;
using AspireGateway.TestKit.ThirdParty;

namespace AspireGateway.ReplicaTrials.Cluster;

/// <summary>The authorization server of the target. Its refresh tokens rotate, and an old one that comes again ends the grant.</summary>
internal abstract class ThirdParty : IAsyncDisposable
{
    public abstract string Name { get; }

    public abstract string Issuer { get; }

    public abstract Uri AuthorizationEndpoint { get; }

    public abstract Uri TokenEndpoint { get; }

    public virtual string ClientId => "gateway";

    public virtual string ClientSecret => "secret-of-a-trial";

    /// <summary>Whatever its pages want of the person, until it sends the browser back.</summary>
    public virtual Task<BrowserPage> PassAsync(
        Browser browser,
        BrowserPage page,
        Uri callback,
        CancellationToken cancel
    ) => Task.FromResult(page);

    public abstract ValueTask DisposeAsync();
}

/// <summary>One in this process, which asks nobody and costs little.</summary>
internal sealed class QuickThirdParty : ThirdParty
{
    private readonly FakeAuthorizationServer _server;

    private QuickThirdParty(FakeAuthorizationServer server) => _server = server;

    public override string Name => "a fake with rotation";

    public override string Issuer => _server.BaseUrl;

    public override Uri AuthorizationEndpoint => new(_server.BaseUrl + "/authorize");

    public override Uri TokenEndpoint => new(_server.BaseUrl + "/token");

    /// <summary>How long access tokens live that it gives from now on.</summary>
    public TimeSpan TokenLife
    {
        set => _server.Behaviour.TokenLifetime = value;
    }

    public static async Task<QuickThirdParty> StartAsync(TimeSpan tokenLife)
    {
        var server = await FakeAuthorizationServer.StartNewAsync();
        return new QuickThirdParty(server) { TokenLife = tokenLife };
    }

    public override ValueTask DisposeAsync() => _server.DisposeAsync();
}
