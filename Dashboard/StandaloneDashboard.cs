using System.Security.Cryptography;

namespace AspireGateway.Dashboard;

/// <summary>
/// Runs the dashboard by configuration: <c>Dashboard:Url</c> (or what <c>ASPNETCORE_URLS</c> says), <c>Dashboard:OtlpGrpcUrl</c>,
/// <c>Dashboard:LoginToken</c>, <c>Dashboard:OtlpApiKey</c>. Ports that are not given are free ones, secrets random.
/// </summary>
internal sealed class StandaloneDashboard(
    IConfiguration configuration,
    ILoggerFactory loggerFactory,
    IHostApplicationLifetime lifetime
) : IHostedService
{
    /// <summary>EX_CONFIG, as the other programs of this system exit when their configuration is wrong.</summary>
    private const int ConfigurationError = 78;

    private readonly ILogger _logger = loggerFactory.CreateLogger<StandaloneDashboard>();

    /// <summary>Null before the start, and when the configuration was refused.</summary>
    public DashboardHost? Dashboard { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = Read();
        var errors = DashboardOptionsValidator.Validate(options);
        if (errors.Count > 0)
        {
            Log.ConfigurationRefused(_logger, string.Join(Environment.NewLine, errors));
            Environment.ExitCode = ConfigurationError;
            lifetime.StopApplication();
            return;
        }

        Dashboard = await DashboardHost.StartAsync(options, cancellationToken);
        Log.Started(_logger, Dashboard.PageUrl, Dashboard.OtlpGrpcUrl, Dashboard.OtlpHttpUrl);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Dashboard is not null)
        {
            await Dashboard.DisposeAsync();
        }
    }

    private DashboardOptions Read()
    {
        var section = configuration.GetSection("Dashboard");
        var url = section[nameof(DashboardOptions.Url)] ?? configuration["ASPNETCORE_URLS"] ?? configuration["urls"];
        return new DashboardOptions
        {
            Url = ToUri(url?.Split(';')[0]),
            OtlpGrpcUrl = ToUri(section[nameof(DashboardOptions.OtlpGrpcUrl)]),
            LoginToken = section[nameof(DashboardOptions.LoginToken)] ?? RandomSecret(),
            OtlpApiKey = section[nameof(DashboardOptions.OtlpApiKey)] ?? RandomSecret(),
            LoggerFactory = loggerFactory,
        };
    }

    // What is no URL at all is left to the validator, which knows what to say.
    private static Uri ToUri(string? value) => new(value ?? "http://localhost:0", UriKind.RelativeOrAbsolute);

    private static string RandomSecret() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
