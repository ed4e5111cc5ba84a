using System.Security.Cryptography;
using AspireGateway.Dashboard;
using Microsoft.Extensions.Configuration;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>Runs a model: ports, dashboard, then every resource in its own time; and the way back.</summary>
internal sealed class SystemEngine : IAsyncDisposable
{
    private readonly DistributedApplicationBuilder _model;
    private readonly IReadOnlyList<Resource> _resources;
    private readonly List<ResourceLife> _lives = [];
    private readonly Dictionary<string, Task> _running = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly SecretValues _secrets = new();
    private readonly TelemetryEnvironment _telemetry;
    private readonly HealthProbe _health;
    private DashboardHost? _dashboard;

    public SystemEngine(DistributedApplicationBuilder model)
    {
        _model = model;
        // A database is a part of its server, and nothing of its own that runs.
        _resources = ReplicaPlan.Expand(
            model.Resources.Cast<Resource>().Where(static resource => resource is not PostgresDatabaseResource)
        );
        _health = new HealthProbe(model.Options.Time);
        _telemetry = new TelemetryEnvironment { ApiKey = RandomNumberGenerator.GetHexString(32, lowercase: true) };
        _secrets.Add(_telemetry.ApiKey);
        Board = new ResourceBoard(model.Options.Time);
        Board.OnStateChange((_, now) => Failed |= !_stopping.IsCancellationRequested && IsFailure(now));
        foreach (var resource in _resources)
        {
            Board.Add(Describe(resource));
        }
    }

    public ResourceBoard Board { get; }

    /// <summary>Where the dashboard is, with its login token; null without one.</summary>
    public Uri? DashboardUrl => _dashboard?.PageUrl;

    /// <summary>Whether anything ended otherwise than it should.</summary>
    public bool Failed { get; private set; }

    /// <summary>Starts everything and returns at once; the board shows what becomes of it.</summary>
    /// <exception cref="DistributedApplicationException">A port is taken, or a parameter is missing.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Check();
        PortPlan.Allocate(_resources, PortPlan.IsRandom(_model.Configuration));
        PortPlan.ThrowIfTaken([.. NeededPorts()]);
        await ShowParametersAsync(cancellationToken);
        foreach (var server in _resources.OfType<PostgresServerResource>())
        {
            _secrets.Add(server.Password);
        }

        await StartDashboardAsync(cancellationToken);
        ShowUrls();

        var launcher = new ResourceLauncher(_model.ExecutionContext, _model.Options, _secrets, _telemetry);
        foreach (var resource in _resources.Where(static resource => resource is not ParameterResource))
        {
            var life = new ResourceLife(resource, Board, launcher, _health, _model.Options.Time);
            _lives.Add(life);
            if (!resource.Definition.ExplicitStart)
            {
                _running[resource.Name] = life.RunAsync(_stopping.Token);
            }
        }
    }

    /// <summary>Stops every resource after those that wait for it, and comes back when all processes have ended.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        var stops = new Dictionary<string, Task>(StringComparer.Ordinal);
        foreach (var life in _lives.AsEnumerable().Reverse())
        {
            _ = Stop(life, stops);
        }

        await Task.WhenAll(stops.Values);
    }

    private Task Stop(ResourceLife life, Dictionary<string, Task> stops)
    {
        if (stops.TryGetValue(life.Resource.Name, out var stop))
        {
            return stop;
        }

        // Resources that wait for each other in a circle have never started.
        stops[life.Resource.Name] = Task.CompletedTask;
        var users = _lives.Where(user => user.Resource.Definition.Waits.Exists(wait => wait.Resource == life.Resource));
        return stops[life.Resource.Name] = StopAsync(life, [.. users.Select(user => Stop(user, stops))]);
    }

    /// <summary>Ends every process now.</summary>
    public void Kill() => _lives.ForEach(static life => life.Kill());

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_dashboard is not null)
        {
            await _dashboard.DisposeAsync();
        }

        foreach (var folder in _resources.Select(static resource => resource.Definition.Folder).OfType<string>())
        {
            Directory.Delete(folder, recursive: true);
        }

        _health.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Whether this is how something ends that should not have.</summary>
    public bool IsFailure(ResourceSnapshot snapshot) =>
        snapshot.State is ResourceState.Exited or ResourceState.FailedToStart
        || (snapshot.State is ResourceState.Finished && IsService(snapshot.Name));

    /// <summary>Whether the resource is there for others, rather than to do something and end.</summary>
    public bool IsService(string name) =>
        _resources.First(resource => resource.Name == name).Definition
            is { Endpoints.Count: > 0, ExplicitStart: false };

    /// <summary>Whether nothing has to wait for it any longer.</summary>
    public bool IsUp(ResourceSnapshot snapshot) =>
        ResourceLife.IsUp(snapshot, _resources.First(resource => resource.Name == snapshot.Name).Definition);

    private static ResourceSnapshot Describe(Resource resource)
    {
        var (type, source) = resource switch
        {
            ProjectResource project => ("Project", Path.GetFileName(project.ProjectPath)),
            ExecutableResource executable => ("Executable", executable.Command),
            PostgresServerResource => ("PostgreSQL", "postgres"),
            _ => ("Parameter", string.Empty),
        };
        return new ResourceSnapshot(
            resource.Name,
            type,
            source,
            ResourceState.NotStarted,
            null,
            null,
            null,
            null,
            [],
            []
        );
    }

    private void Check()
    {
        if (_model.ExecutionContext.IsPublishMode)
        {
            throw new DistributedApplicationException(
                "The local engine runs the system on this machine; publishing needs Aspire's engine (HostingEngine=aspire)."
            );
        }

        if (_resources.OfType<PostgresServerResource>().Any() && PostgresProgram.Unavailable is { } reason)
        {
            throw new DistributedApplicationException(
                $"This system needs a PostgreSQL server, and {reason}, or leave out what needs it (--Replicas)."
            );
        }
    }

    private async Task StopAsync(ResourceLife life, Task[] before)
    {
        await Task.WhenAll(before);
        await life.StopAsync();
        await _running.GetValueOrDefault(life.Resource.Name, Task.CompletedTask);
    }

    private IEnumerable<(string Owner, int Port)> NeededPorts()
    {
        foreach (var resource in _resources.Where(static resource => !resource.Definition.ExplicitStart))
        {
            foreach (var endpoint in resource.Definition.Endpoints)
            {
                yield return (resource.Name, endpoint.AllocatedPort!.Value);
            }
        }

        foreach (var url in HasDashboard ? new[] { DashboardAddress, OtlpAddress } : [])
        {
            if (url.Port != 0)
            {
                yield return ("dashboard", url.Port);
            }
        }
    }

    private bool HasDashboard => !_model.Options.IsTest;

    private Uri DashboardAddress => Address("ASPNETCORE_URLS");

    private Uri OtlpAddress => Address("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL");

    // From the AppHost's own launch profile, as Aspire takes them; any port where it has none.
    private Uri Address(string key) =>
        _model.Configuration[key]?.Split(';')[0] is { Length: > 0 } url && !PortPlan.IsRandom(_model.Configuration)
            ? new Uri(url)
            : new Uri("http://127.0.0.1:0");

    private async Task StartDashboardAsync(CancellationToken cancellationToken)
    {
        if (HasDashboard)
        {
            var options = new DashboardOptions
            {
                Url = DashboardAddress,
                OtlpGrpcUrl = OtlpAddress,
                LoginToken = RandomNumberGenerator.GetHexString(32, lowercase: true),
                OtlpApiKey = _telemetry.ApiKey,
                TimeProvider = _model.Options.Time,
            };
            _dashboard = await DashboardHost.StartAsync(options, Board, cancellationToken);
            _telemetry.Dashboard = _dashboard;
        }
    }

    private async Task ShowParametersAsync(CancellationToken cancellationToken)
    {
        foreach (var parameter in _resources.OfType<ParameterResource>())
        {
            var value = await parameter.GetValueAsync(cancellationToken) ?? string.Empty;
            if (parameter.Secret)
            {
                _secrets.Add(value);
            }

            var shown = new EnvironmentEntry("Value", value, parameter.Secret);
            Board.Update(parameter.Name, now => now with { State = ResourceState.Running, Environment = [shown] });
        }
    }

    private void ShowUrls()
    {
        foreach (var resource in _resources)
        {
            var urls = ResourceUrls.Get(resource);
            Board.Update(resource.Name, now => now with { Urls = urls });
        }
    }
}
