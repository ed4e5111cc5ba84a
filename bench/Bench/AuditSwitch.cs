using System.Diagnostics;
using System.Runtime.CompilerServices;
using AspireGateway.Gateway.Audit.Chain;

namespace AspireGateway.Bench;

/// <summary>
/// Switches the audit record of a gateway off and on while it runs, which a gateway itself cannot. Two processes of one program differ by more
/// than the record costs; one process can be compared with itself.
/// </summary>
internal static class AuditSwitch
{
    private static volatile IServiceProvider? _services;

    /// <summary>Waits for the host of this process.</summary>
    public static void Prepare() => DiagnosticListener.AllListeners.Subscribe(new Listeners());

    /// <exception cref="InvalidOperationException">This process is no gateway.</exception>
    public static void Set(bool isOff)
    {
        var services = _services ?? throw new InvalidOperationException("No host was built.");
        IsOff(services.GetRequiredService<AuditLog>()) = isOff;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_isOff")]
    private static extern ref bool IsOff(AuditLog log);

    private sealed class Listeners : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name is "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(new Hosts());
            }
        }

        public void OnCompleted()
        {
            // Never.
        }

        public void OnError(Exception error)
        {
            // Never.
        }
    }

    private sealed class Hosts : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilt", Value: IHost host })
            {
                _services = host.Services;
            }
        }

        public void OnCompleted()
        {
            // Never.
        }

        public void OnError(Exception error)
        {
            // Never.
        }
    }
}
