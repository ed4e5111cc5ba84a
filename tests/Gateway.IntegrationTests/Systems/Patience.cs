namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>Waits for what another process does in its own time.</summary>
internal static class Patience
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan End = TimeSpan.FromMinutes(1);

    /// <summary>Asks again and again; a server that is not there yet has not fulfilled it either.</summary>
    /// <exception cref="TimeoutException">Not within a minute.</exception>
    public static async Task UntilAsync(Func<Task<bool>> isFulfilled, string wish, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await AskAsync(isFulfilled))
        {
            if (TimeProvider.System.GetElapsedTime(started) > End)
            {
                throw new TimeoutException($"Not within {End.TotalSeconds:0} s: {wish}.");
            }

            await Task.Delay(Interval, cancel);
        }
    }

    private static async Task<bool> AskAsync(Func<Task<bool>> isFulfilled)
    {
        try
        {
            return await isFulfilled();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
