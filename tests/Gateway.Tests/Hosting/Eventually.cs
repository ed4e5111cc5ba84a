namespace AspireGateway.Gateway.Tests.Hosting;

/// <summary>Waits for what happens in the background; generously, and never longer than needed.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task HoldsAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Patience, "It never came to hold.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
