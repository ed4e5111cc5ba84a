using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace AspireGateway.Gateway.Vault.Protection;

/// <summary>
/// Keeps the keys of cookies, antiforgery tokens and <c>requestState</c> as sealed records, so that every replica has the same
/// ones and the database alone opens nothing.
/// </summary>
internal sealed class ProtectionKeys(IRecordStore records) : IXmlRepository
{
    private const string Kind = "protection-key";
    private const string Key = "key";

    // How many the last reader of this process saw.
    private int _seen;

    // The interface is synchronous. It is asked once a day, and there is no synchronization context that could be blocked.
#pragma warning disable VSTHRD002
    public IReadOnlyCollection<XElement> GetAllElements() => Task.Run(ReadAsync).GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(() => WriteAsync(element)).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    private async Task<IReadOnlyCollection<XElement>> ReadAsync()
    {
        var stored = await records.ListAsync(Kind, group: null, CancellationToken.None);
        Volatile.Write(ref _seen, stored.Count);
        return [.. stored.Select(static record => XElement.Parse(Encoding.UTF8.GetString(record.Value.Span)))];
    }

    private async Task WriteAsync(XElement element)
    {
        var value = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
        var number = Volatile.Read(ref _seen);
        while (!await TryAddAsync(++number, value))
        {
            // Another replica added one since we looked. If both made a key because there was none, one key is enough: whoever
            // stores one reads all of them again afterwards. A revocation must not get lost.
            if (element.Name == Key)
            {
                return;
            }
        }
    }

    private Task<bool> TryAddAsync(int number, byte[] value) =>
        records.TryAddAsync(
            Kind,
            number.ToString(CultureInfo.InvariantCulture),
            group: null,
            value,
            expiresAt: null,
            CancellationToken.None
        );
}
