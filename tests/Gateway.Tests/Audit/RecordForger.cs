using System.Buffers;
using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Audit.Verification;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>Somebody who knows the format, and computes a whole chain anew.</summary>
internal static class RecordForger
{
    public static void Rewrite(string from, string to, Func<string, string> change)
    {
        var lines = new ArrayBufferWriter<byte>();
        var previous = Encoding.ASCII.GetBytes(RecordLine.NoHash);
        foreach (var line in File.ReadLines(from))
        {
            RecordView.TryParse(Encoding.UTF8.GetBytes(line), out var record).ShouldBeTrue();
            var head = string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"chain\":\"{record!.Chain}\",\"seq\":{record.Seq},\"previous\":\"{record.Previous}\","
            );
            line.ShouldStartWith(head);
            var body = Encoding.UTF8.GetBytes(change(line[head.Length..^RecordLine.SuffixLength]));
            RecordLine.Append(lines, RecordLine.Prefix(record.Chain), record.Seq, previous, body);
        }

        File.WriteAllBytes(to, lines.WrittenSpan);
    }
}
