namespace AspireGateway.Gateway.Tests.Inbound.Providers;

/// <summary>One gateway for each sample, started when a test first asks for it; the tests of a class run one after the other.</summary>
public sealed class ProviderGateways : IAsyncDisposable
{
    private readonly Dictionary<string, ProviderGateway> _started = new(StringComparer.Ordinal);

    internal async Task<ProviderGateway> GetAsync(string sample)
    {
        if (!_started.TryGetValue(sample, out var gateway))
        {
            gateway = await ProviderGateway.StartAsync(sample);
            _started.Add(sample, gateway);
        }

        gateway.Host.Target.ClearRequests();
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _started.Values)
        {
            await gateway.DisposeAsync();
        }
    }
}
