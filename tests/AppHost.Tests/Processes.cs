using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AspireGateway.AppHost.Tests;

/// <summary>What a test does with processes that are not its children.</summary>
internal static partial class Processes
{
    public const int Interrupt = 2;
    public const int KillHard = 9;
    public const int Terminate = 15;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static void SkipWithoutSignals() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no POSIX signals on Windows");

    public static void Signal(int process, int signal) => SendSignal(process, signal).ShouldBe(0);

    /// <summary>Comes back with those that are still there after some time.</summary>
    public static async Task<IReadOnlyList<int>> StillThereAsync(IReadOnlyList<int> processes)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var left = processes.Where(IsThere).ToList();
            if (left.Count == 0 || clock.Elapsed > Patience)
            {
                return left;
            }

            await Task.Delay(Interval, TestContext.Current.CancellationToken);
        }
    }

    // Where nobody collects the exit code, an ended process remains as an entry (state Z).
    private static bool IsThere(int process)
    {
        if (!OperatingSystem.IsLinux())
        {
            return SendSignal(process, 0) == 0;
        }

        try
        {
            var status = File.ReadAllText($"/proc/{process}/stat");
            return status[status.LastIndexOf(')') + 2] is not 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
