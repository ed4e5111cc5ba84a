using System.Text;
using AspireGateway.Gateway.Audit.Journals;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>Whenever the process is killed, its journal has what was kept and not written; and whatever is in the file, it can be read.</summary>
public sealed class JournalProperties : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A step is a record of that length, for less than 0 an outcome of that length, or for 0 a batch that is written.
    [Fact]
    public void Any_sequence_of_records_outcomes_and_batches_leaves_what_is_not_written() =>
        Gen.Frequency((6, Gen.Int[1, 20_000]), (3, Gen.Int[-10_000, -1]), (1, Gen.Const(0)))
            .Array[0, 200]
            .Sample(
                steps =>
                {
                    var chain = Guid.NewGuid().ToString("N");
                    var journal = Journal.TryOpen(_folder, chain, NullLogger.Instance).ShouldNotBeNull();
                    var kept = new List<byte[]>();
                    var offsets = new List<int>();
                    foreach (var step in steps)
                    {
                        if (step == 0)
                        {
                            journal.Turn();
                            journal.ClearWritten();
                            kept.Clear();
                            offsets.Clear();
                        }
                        else if (step > 0)
                        {
                            var body = Encoding.ASCII.GetBytes($"{kept.Count}".PadLeft(step));
                            if (journal.TryAppend(body) is { } offset)
                            {
                                kept.Add(body);
                                offsets.Add(offset);
                            }
                        }
                        else if (kept.Count > 0)
                        {
                            var index = -step % kept.Count;
                            var outcome = Encoding.ASCII.GetBytes($"of {index}".PadLeft(-step));
                            if (journal.TryAppendOutcome(offsets[index], outcome))
                            {
                                kept[index] = [.. kept[index], .. outcome];
                            }
                        }
                    }

                    journal.Dispose();
                    var path = JournalFormat.PathOf(_folder, chain);
                    var left = JournalFormat.Read(File.ReadAllBytes(path));
                    File.Delete(path);
                    left.Count.ShouldBe(kept.Count);
                    left.Zip(kept).ShouldAllBe(pair => pair.First.SequenceEqual(pair.Second));
                },
                iter: 100,
                threads: 1
            );

    [Fact]
    public void Any_bytes_can_be_read() =>
        Gen.Select(Gen.Int[0, 40], Gen.Byte.Array[0, 40], Gen.Int[-40, 0])
            .Sample(
                (at, bytes, length) =>
                {
                    var file = new byte[JournalFormat.FileBytes + length];
                    bytes.CopyTo(file, at);
                    bytes.CopyTo(file, JournalFormat.HeaderOf(1));
                    JournalFormat
                        .Read(file)
                        .Sum(static record => record.Length)
                        .ShouldBeLessThan(JournalFormat.FileBytes);
                },
                iter: 2_000,
                threads: 1
            );
}
