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
    private DashboardHost? _dashboard;

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

        _dashboard = await DashboardHost.StartAsync(options, new EmptyResourceFeed(), cancellationToken);
        Log.Started(_logger, _dashboard.PageUrl, _dashboard.OtlpGrpcUrl, _dashboard.OtlpHttpUrl);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_dashboard is not null)
        {
            await _dashboard.DisposeAsync();
        }
    }

    private DashboardOptions Read()
    {
        var section = configuration.GetSection("Dashboard");
        var url = section[nameof(DashboardOptions.Url)] ?? configuration["urls"]?.Split(';')[0];
        return new DashboardOptions
        {
            Url = ToUri(url),
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
