using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AspireGateway.LocalHosting;

/// <summary>
/// Stands between the engine and a program that does not watch its parent. It runs the program, passes its output and exit
/// code on, and ends the program and everything that the program started when its own standard input ends: when the
/// engine asks for a stop, or was killed.
/// </summary>
internal static partial class Watchdog
{
    /// <summary>First argument; the program and its arguments follow.</summary>
    public const string Verb = "watch";

    private const int TerminateSignal = 15;
    private const int SetChildSubreaper = 36;
    private const int CouldNotStart = 127;

    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(8);

    private static async Task<int> Main(string[] args)
    {
        if (args is not [Verb, var command, .. var arguments])
        {
            await Console.Error.WriteLineAsync(
                "This is the local hosting engine's watchdog; start the system with: dotnet run --project AppHost"
            );
            return 2;
        }

        using var interrupts = PosixSignalRegistration.Create(
            PosixSignal.SIGINT,
            static context => context.Cancel = true
        );
        if (OperatingSystem.IsLinux())
        {
            // Out of the terminal's reach, so that Ctrl-C does not stop the program out of order; and heir of what the
            // program leaves behind, so that a daemon which detached itself is found too.
            _ = SetSessionId();
            _ = ProcessControl(SetChildSubreaper, 1, 0, 0, 0);
        }

        return await RunAsync(
            new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardInput = true }
        );
    }

    private static async Task<int> RunAsync(ProcessStartInfo start)
    {
        Process program;
        try
        {
            program = Process.Start(start) ?? throw new InvalidOperationException("nothing was started");
        }
        catch (Exception exception)
            when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"cannot start {start.FileName}: {exception.Message}");
            return CouldNotStart;
        }

        using (program)
        {
            var ended = program.WaitForExitAsync();
            if (await Task.WhenAny(ended, InputEndAsync()) != ended)
            {
                Terminate(program);
                await Task.WhenAny(ended, Task.Delay(GracePeriod));
            }

            if (!ended.IsCompleted)
            {
                program.Kill(entireProcessTree: true);
                await ended;
            }

            KillOrphans();
            return program.ExitCode;
        }
    }

    // On a thread of its own: reading a pipe cannot be cancelled, and must not hold up the pool.
    private static Task InputEndAsync() =>
        Task.Factory.StartNew(
            static () =>
            {
                using var input = Console.OpenStandardInput();
                while (input.ReadByte() >= 0)
                {
                    // Only the end has a meaning.
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private static void Terminate(Process program)
    {
        if (OperatingSystem.IsWindows())
        {
            program.Kill(entireProcessTree: true);
        }
        else
        {
            _ = SendSignal(program.Id, TerminateSignal);
        }
    }

    // What lost its parent has become a child of this process.
    private static void KillOrphans()
    {
        foreach (var id in OperatingSystem.IsLinux() ? Children(Environment.ProcessId) : [])
        {
            try
            {
                using var orphan = Process.GetProcessById(id);
                orphan.Kill(entireProcessTree: true);
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                // Gone in the meantime.
            }
        }
    }

    private static List<int> Children(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && ParentOf(folder) == parent)
            {
                children.Add(id);
            }
        }

        return children;
    }

    private static int ParentOf(string folder)
    {
        try
        {
            // pid (name) state parent …; the name may hold anything, closing parentheses too.
            var fields = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(fields[(fields.LastIndexOf(')') + 2)..].Split(' ')[1], provider: null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSessionId();

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint a, nuint b, nuint c, nuint d);
}
