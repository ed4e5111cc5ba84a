using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace AspireGateway.Dashboard;

/// <summary>Takes away what a web application does to the process and the machine by itself: it lives in another program.</summary>
internal static class Isolation
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    public static void IsolateFromProcess(this IServiceCollection services)
    {
        services.AddSingleton<IHostLifetime, OwnerLifetime>();
        services.Configure<HostOptions>(static host => host.ShutdownTimeout = ShutdownTimeout);
        services.Configure<KeyManagementOptions>(static keys =>
        {
            keys.XmlRepository = new KeysInMemory();
            keys.XmlEncryptor = new NullXmlEncryptor();
        });
    }

    /// <summary>The owner decides when the dashboard ends; by default Ctrl-C would end it before the resources it shows.</summary>
    private sealed class OwnerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Razor components ask for data protection; nothing here uses it, so no key belongs into the home folder.</summary>
    private sealed class KeysInMemory : IXmlRepository
    {
        private readonly Lock _lock = new();
        private readonly List<XElement> _elements = [];

        public IReadOnlyCollection<XElement> GetAllElements()
        {
            lock (_lock)
            {
                return [.. _elements];
            }
        }

        public void StoreElement(XElement element, string friendlyName)
        {
            lock (_lock)
            {
                _elements.Add(element);
            }
        }
    }
}
