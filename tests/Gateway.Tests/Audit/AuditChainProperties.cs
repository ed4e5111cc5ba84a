using CsCheck;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>Whatever is done to a finished record, the verifier finds it.</summary>
public sealed class AuditChainProperties : IAsyncLifetime
{
    private const int Cases = 2_000;

    private readonly AuditRig _rig = new();
    private readonly Lock _changing = new();
    private byte[] _bytes = [];

    private string FilePath => _rig.Files.Single();

    public async ValueTask InitializeAsync()
    {
        await _rig.WriteChainAsync(calls: 6);
        _bytes = await File.ReadAllBytesAsync(FilePath);
    }

    public ValueTask DisposeAsync()
    {
        _rig.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void The_record_itself_is_sound() => IsSound(_bytes).ShouldBeTrue();

    [Fact]
    public void Any_changed_byte_is_found() =>
        Gen.Select(Gen.Int[0, _bytes.Length - 1], Gen.Byte)
            .Where((index, value) => _bytes[index] != value)
            .Sample(
                (index, value) =>
                {
                    var changed = (byte[])_bytes.Clone();
                    changed[index] = value;
                    return !IsSound(changed);
                },
                iter: Cases,
                threads: 1
            );

    [Fact]
    public void Any_removed_or_added_bytes_are_found() =>
        Gen.Select(Gen.Int[0, _bytes.Length - 1], Gen.Int[0, 300], Gen.Byte.Array[0, 20])
            .Where((index, count, added) => !_bytes.Skip(index).Take(count).SequenceEqual(added))
            .Sample(
                (index, count, added) =>
                    !IsSound([.. _bytes.Take(index), .. added, .. _bytes.Skip(index + count)])
                    // Some cases put back what they took.
                    || ((byte[])[.. _bytes.Take(index), .. added, .. _bytes.Skip(index + count)]).SequenceEqual(_bytes),
                iter: Cases,
                threads: 1
            );

    [Fact]
    public void Any_other_order_of_lines_is_found()
    {
        var lines = Lines();
        Gen.Shuffle(lines)
            .Where(shuffled => !shuffled.SequenceEqual(lines))
            .Sample(shuffled => !IsSound([.. shuffled.SelectMany(static line => line)]), iter: Cases / 4, threads: 1);
    }

    [Fact]
    public void Any_selection_of_lines_is_found()
    {
        var lines = Lines();
        Gen.Bool.Array[lines.Length]
            .Where(static kept => kept.Contains(false))
            .Sample(
                kept => !IsSound([.. lines.Where((_, index) => kept[index]).SelectMany(static line => line)]),
                iter: Cases / 4,
                threads: 1
            );
    }

    [Fact]
    public async Task Any_changed_byte_of_an_anchor_is_found()
    {
        var file = _rig.AnchorFiles.Single();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte)
            .Where((index, value) => bytes[index] != value)
            .Sample(
                (index, value) =>
                {
                    var changed = (byte[])bytes.Clone();
                    changed[index] = value;
                    lock (_changing)
                    {
                        File.WriteAllBytes(file, changed);
                        return !_rig.Verify().IsSound;
                    }
                },
                iter: Cases,
                threads: 1
            );
    }

    private byte[][] Lines() =>
        [
            .. System
                .Text.Encoding.UTF8.GetString(_bytes)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => System.Text.Encoding.UTF8.GetBytes(line + '\n')),
        ];

    private bool IsSound(byte[] bytes)
    {
        lock (_changing)
        {
            File.WriteAllBytes(FilePath, bytes);
            return _rig.Verify().IsSound;
        }
    }
}
