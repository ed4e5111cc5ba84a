using System.Text;
using AspireGateway.Gateway.Audit.Journals;
using AspireGateway.Gateway.Tests.Hosting;
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
                    var offsets = new List<(int Record, int Offset)>();
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
                                offsets.Add((kept.Count, offset));
                                kept.Add(body);
                            }
                        }
                        else if (offsets.Count > 0)
                        {
                            // A record gets one outcome.
                            var index = -step % offsets.Count;
                            var (record, offset) = offsets[index];
                            var outcome = Encoding.ASCII.GetBytes($"of {record}".PadLeft(-step));
                            if (journal.TryAppendOutcome(offset, outcome))
                            {
                                kept[record] = [.. kept[record], .. outcome];
                                offsets.RemoveAt(index);
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
    public void A_second_outcome_of_one_record_ends_what_is_read()
    {
        using var journal = Journal.TryOpen(_folder, "chain", NullLogger.Instance).ShouldNotBeNull();
        var offset = journal.TryAppend("a"u8).ShouldNotBeNull();
        journal.TryAppendOutcome(offset, "b"u8).ShouldBeTrue();
        journal.TryAppendOutcome(offset, "c"u8).ShouldBeTrue();
        journal.TryAppend("d"u8).ShouldNotBeNull();

        var left = JournalFormat.Read(SharedFile.Read(JournalFormat.PathOf(_folder, "chain")));

        left.ShouldHaveSingleItem().ShouldBe("ab"u8.ToArray());
    }

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
