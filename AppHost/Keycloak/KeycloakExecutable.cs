using Microsoft.Extensions.Configuration;

namespace AspireGateway.AppHost.Keycloak;

internal static class KeycloakExecutable
{
    /// <summary>Port of the embedded realm <c>corp</c>, so that its issuer has the same URL whoever plays it.</summary>
    public const int Port = 5181;

    /// <summary>Features of Keycloak that the realms need.</summary>
    public const string Features = "cimd,opentelemetry";

    private const string Management = "management";
    private const string OtlpHeaders = "OTEL_EXPORTER_OTLP_HEADERS";
    private const string ApiKey = "x-otlp-api-key=";

    // Compiled into Keycloak: another value means half a minute of compiling, so these are the same in every run.
    private static readonly Dictionary<string, string> BuildOptions = new(StringComparer.Ordinal)
    {
        ["KC_DB"] = "dev-file",
        ["KC_FEATURES"] = Features,
        ["KC_HEALTH_ENABLED"] = "true",
        ["KC_TRACING_ENABLED"] = "true",
        ["KC_TRACING_JDBC_ENABLED"] = "false",
    };

    /// <summary>Adds one Keycloak for both realms, run from an installation on this machine.</summary>
    /// <param name="builder">The model.</param>
    /// <param name="installation">The installation. It stays as it is: Keycloak runs in a folder beside it.</param>
    /// <param name="realms">What it imports.</param>
    /// <param name="demoPassword">Password of the demo users.</param>
    /// <param name="gatewaySecret">Secret of the gateway's clients.</param>
    public static IdentityRealms AddKeycloak(
        this IDistributedApplicationBuilder builder,
        KeycloakInstallation installation,
        RealmFiles realms,
        IResourceBuilder<ParameterResource> demoPassword,
        IResourceBuilder<ParameterResource> gatewaySecret
    )
    {
        realms.ThrowIfBroken();
        var home = new KeycloakHome(DataFolder.Of(builder, "keycloak"), realms);
        var build = new KeycloakBuild(DataFolder.Cache(builder), Console.WriteLine);
        var placeholders = new RealmPlaceholders();
        var adminPassword = builder.AddParameter(
            "keycloak-admin-password",
            new GenerateParameterDefault { MinLength = 22, Special = false },
            secret: true,
            persist: true
        );
        var server = builder
            .AddExecutable("keycloak", home.Script, home.Folder, "start-dev", "--import-realm")
            .WithHttpEndpoint(port: Port, env: "KC_HTTP_PORT")
            .WithHttpEndpoint(name: Management, env: "KC_HTTP_MANAGEMENT_PORT")
            .WithHttpHealthCheck("/health/ready", endpointName: Management)
            .WithOtlpExporter()
            .WithUrlForEndpoint("http", static url => (url.Url, url.DisplayText) = ("/admin/", "administration"))
            .WithUrlForEndpoint(Management, static url => (url.Url, url.DisplayText) = ("/health/ready", "health"))
            .WithFailureHint(lines => KeycloakFailures.Explain(lines, realms.Folder));
        var identity = placeholders.ToRealms(server, demoPassword, gatewaySecret);
        server
            .WithEnvironment("KC_HOSTNAME", server.GetEndpoint("http"))
            .WithEnvironment("KC_BOOTSTRAP_ADMIN_USERNAME", "admin")
            .WithEnvironment("KC_BOOTSTRAP_ADMIN_PASSWORD", adminPassword)
            .WithEnvironment(async context =>
            {
                AddSettings(context.EnvironmentVariables, builder.Configuration);
                placeholders.AddTo(context);
                var values = await ResolveAsync(context, [.. placeholders.Names, "KC_BOOTSTRAP_ADMIN_PASSWORD"]);
                var compiled = await build.GetAsync(
                    installation,
                    BuildOptions,
                    realms.Folder,
                    context.CancellationToken
                );
                home.Prepare(installation, compiled, values);
            })
            .OnResourceReady(
                (_, _, _) =>
                {
                    home.MarkImported();
                    return Task.CompletedTask;
                }
            );
        return identity;
    }

    private static void AddSettings(Dictionary<string, object> variables, ConfigurationManager configuration)
    {
        foreach (var (name, value) in BuildOptions)
        {
            variables[name] = value;
        }

        variables["KC_HTTP_HOST"] = "127.0.0.1";
        variables["KC_LOG_CONSOLE_FORMAT"] = "%-5p [%c{1.}] %s%e%n";

        // Half the start is compiling Java for a throughput that nobody needs here.
        variables["JAVA_OPTS_APPEND"] = configuration["JAVA_OPTS_APPEND"] ?? "-XX:TieredStopAtLevel=1";
        variables["JAVA_OPTS_KC_HEAP"] = configuration["JAVA_OPTS_KC_HEAP"] ?? "-Xms64m -Xmx512m";
        SendTelemetry(variables);
    }

    // Keycloak has its own names for what every other resource is told with OTEL_ variables.
    private static void SendTelemetry(Dictionary<string, object> variables)
    {
        if (!variables.TryGetValue("OTEL_EXPORTER_OTLP_ENDPOINT", out var endpoint))
        {
            variables["KC_TRACING_SAMPLER_RATIO"] = "0.0";
            return;
        }

        variables["KC_TRACING_ENDPOINT"] = endpoint;
        variables["KC_TRACING_PROTOCOL"] = "grpc";
        if (
            variables.GetValueOrDefault(OtlpHeaders) is string headers
            && headers.StartsWith(ApiKey, StringComparison.Ordinal)
        )
        {
            variables["KC_TRACING_HEADER_X_OTLP_API_KEY"] = headers[ApiKey.Length..];
        }
    }

    private static async Task<List<KeyValuePair<string, string>>> ResolveAsync(
        EnvironmentCallbackContext context,
        IEnumerable<string> names
    )
    {
        var values = new List<KeyValuePair<string, string>>();
        foreach (var name in names)
        {
            var value = context.EnvironmentVariables[name];
            var text = value is IValueProvider provider
                ? await provider.GetValueAsync(context.CancellationToken)
                : value.ToString();
            values.Add(KeyValuePair.Create(name, text ?? string.Empty));
        }

        return values;
    }
}
