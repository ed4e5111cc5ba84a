using System.Diagnostics;
using System.Runtime.InteropServices;
using AspireGateway.Dashboard;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>Turns a resource of the model into a process: its environment, its arguments, its program.</summary>
internal sealed class ResourceLauncher(
    DistributedApplicationExecutionContext context,
    EngineOptions options,
    SecretValues secrets,
    TelemetryEnvironment telemetry
)
{
    // What the AppHost was started with is not meant for its resources.
    private static readonly string[] NotInherited =
    [
        "ASPNETCORE_URLS",
        "ASPNETCORE_HTTP_PORTS",
        "DOTNET_LAUNCH_PROFILE",
        "HostingEngine",
        "IdentityProvider",
    ];

    private static readonly string Dotnet = FindDotnet();

    /// <summary>Resolves everything, records what the process is given, and starts it.</summary>
    public async Task<IRunning> StartAsync(Resource resource, ResourceBoard board, CancellationToken cancellationToken)
    {
        if (resource.Definition.FrontOf.Count > 0)
        {
            return await FrontDoor.StartAsync(resource, board, cancellationToken);
        }

        var variables = await GetVariablesAsync(resource, cancellationToken);
        var arguments = await GetArgumentsAsync(resource, cancellationToken);
        board.Update(resource.Name, now => now with { Environment = Show(variables) });

        var start = resource is PostgresServerResource server
            ? await CreateStartAsync(server, cancellationToken)
            : CreateStart(resource, arguments);
        foreach (var name in start.Environment.Keys.Where(IsNotInherited).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return ResourceProcess.Start(
            start,
            (text, isError) => board.Write(resource.Name, LogText.Shorten(text), isError)
        );
    }

    internal async Task<Dictionary<string, string>> GetVariablesAsync(
        Resource resource,
        CancellationToken cancellationToken
    )
    {
        var callbacks = new EnvironmentCallbackContext(context, resource, cancellationToken);
        if (options.HasColor)
        {
            // Its output is a pipe, where programs write without colours unless they are told.
            callbacks.EnvironmentVariables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
            callbacks.EnvironmentVariables["FORCE_COLOR"] = "1";
        }

        if (resource is ProjectResource || resource.Definition.SendsTelemetry)
        {
            // Replicas are one service, as in Aspire.
            telemetry.AddTo(callbacks.EnvironmentVariables, (resource.Definition.ReplicaOf ?? resource).Name);
        }

        foreach (
            var endpoint in resource.Definition.Endpoints.Where(static endpoint => endpoint.PortVariable is not null)
        )
        {
            callbacks.EnvironmentVariables[endpoint.PortVariable!] = $"{endpoint.AllocatedPort}";
        }

        foreach (var callback in resource.Definition.Environment)
        {
            await callback(callbacks);
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in callbacks.EnvironmentVariables)
        {
            variables[name] = await ResolveAsync(value, cancellationToken);
        }

        return variables;
    }

    internal static async Task<IReadOnlyList<string>> GetArgumentsAsync(
        Resource resource,
        CancellationToken cancellationToken
    )
    {
        var callbacks = new CommandLineArgsCallbackContext(resource, cancellationToken);
        resource.Definition.Arguments.ForEach(callback => callback(callbacks));
        var arguments = new List<string>();
        foreach (var argument in callbacks.Args)
        {
            arguments.Add(await ResolveAsync(argument, cancellationToken));
        }

        return arguments;
    }

    private static ProcessStartInfo CreateStart(Resource resource, IReadOnlyList<string> arguments) =>
        resource switch
        {
            // As `dotnet run` does: from the build's output, in the project's folder.
            ProjectResource project => new ProcessStartInfo(Dotnet, ["exec", project.AssemblyPath, .. arguments])
            {
                WorkingDirectory = Path.GetDirectoryName(project.ProjectPath),
            },

            ExecutableResource executable => Watched([executable.Command, .. arguments], executable.WorkingDirectory),
            _ => throw new InvalidOperationException($"{resource.GetType().Name} does not run."),
        };

    private static async Task<ProcessStartInfo> CreateStartAsync(
        PostgresServerResource server,
        CancellationToken cancellationToken
    )
    {
        var (command, folder) = await PostgresProgram.PrepareAsync(server, cancellationToken);
        server.Definition.Folder = folder;
        return Watched(command, folder);
    }

    // A program that does not know us gets a watchdog between, which ends it when the engine ends.
    private static ProcessStartInfo Watched(IReadOnlyList<string> command, string folder) =>
        new(Dotnet, ["exec", typeof(Watchdog).Assembly.Location, Watchdog.Verb, .. command])
        {
            WorkingDirectory = folder,
        };

    private static async ValueTask<string> ResolveAsync(object value, CancellationToken cancellationToken) =>
        value is IValueProvider provider
            ? await provider.GetValueAsync(cancellationToken) ?? string.Empty
            : value.ToString() ?? string.Empty;

    private static bool IsNotInherited(string name) =>
        name.StartsWith("ASPIRE_", StringComparison.Ordinal) || NotInherited.Contains(name, StringComparer.Ordinal);

    private static string FindDotnet()
    {
        // The runtime that runs this process lies in <root>/shared/Microsoft.NETCore.App/<version>/.
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var program = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(program) ? program : "dotnet";
    }

    private List<EnvironmentEntry> Show(Dictionary<string, string> variables) =>
        [
            .. variables
                .OrderBy(static entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => new EnvironmentEntry(entry.Key, entry.Value, secrets.IsIn(entry.Value))),
        ];
}
