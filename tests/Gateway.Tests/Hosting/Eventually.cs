using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Hosting;

/// <summary>Waits for what happens in the background; generously, and never longer than needed.</summary>
internal static class Eventually
{
    /// <summary>As long as anything here is waited for: only what never comes takes so long, on however busy a machine.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Waits for something that must come.</summary>
    public static Task<T> SoonAsync<T>(this Task<T> task) =>
        task.WaitAsync(Longest, TestContext.Current.CancellationToken);

    /// <inheritdoc cref="SoonAsync{T}"/>
    public static Task SoonAsync(this Task task) => task.WaitAsync(Longest, TestContext.Current.CancellationToken);

    public static Task HoldsAsync(Func<bool> condition) => HoldsAsync(() => Task.FromResult(condition()));

    public static async Task HoldsAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Longest, "It never came to hold.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The same for what happens at a certain time: the clock goes on in steps until then.</summary>
    public static Task HoldsAsync(Func<Task<bool>> condition, FakeTimeProvider time, TimeSpan step) =>
        HoldsAsync(async () =>
        {
            if (await condition())
            {
                return true;
            }

            time.Advance(step);
            return false;
        });

    /// <summary>The clock goes on in steps until something ends that needs time to.</summary>
    public static async Task<T> EndsAsync<T>(this Task<T> task, FakeTimeProvider time, TimeSpan step)
    {
        await HoldsAsync(() => Task.FromResult(task.IsCompleted), time, step);
        return await task;
    }
}
