using AspireGateway.Dashboard.Logs;
using AspireGateway.Dashboard.Metrics;
using AspireGateway.Dashboard.Traces;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AspireGateway.Dashboard.Telemetry;

/// <summary>The OTLP receiver.</summary>
internal static class TelemetryExtensions
{
    public static void AddTelemetryReceiver(this IServiceCollection services)
    {
        services.AddSingleton<TraceStore>();
        services.AddSingleton<LogStore>();
        services.AddSingleton<MetricStore>();
        services.AddSingleton<TelemetryStore>();
        services.AddRequestDecompression();
        services.AddGrpc(static grpc => grpc.MaxReceiveMessageSize = OtlpMessages.MaximumBytes);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IServiceMethodProvider<OtlpGrpcService>, OtlpGrpcService.Methods>()
        );
        services
            .AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, OtlpApiKeyHandler>(OtlpApiKeyHandler.SchemeName, null);
    }

    public static void MapTelemetryReceiver(this WebApplication app)
    {
        app.UseRequestDecompression();
        var processes = new AuthorizationPolicyBuilder(OtlpApiKeyHandler.SchemeName).RequireAuthenticatedUser().Build();
        var receiver = app.MapGroup("").RequireAuthorization(processes);
        receiver.MapOtlpHttp();
        receiver.MapGrpcService<OtlpGrpcService>();
    }
}
