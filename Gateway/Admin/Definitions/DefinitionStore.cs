using System.Text.Json;
using AspireGateway.Gateway.Admin.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Admin.Definitions;

/// <summary>
/// The definitions that administrators made, sealed in the vault because some hold secrets. Every replica learns of a change by the feed,
/// this one before the call that made it ends.
/// </summary>
internal sealed class DefinitionStore(
    IRecordStore records,
    IChangeFeed feed,
    TargetRegistry registry,
    DefinitionChecks checks,
    ILogger<DefinitionStore> logger
) : IDisposable
{
    /// <summary>Topic of <see cref="IChangeFeed"/>; its subjects are names of targets.</summary>
    public const string Topic = "targets";

    private const string Kind = "target";

    // Else an older reading could take the place of a newer one.
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = -1;

    /// <summary>Ends when the definitions were read once.</summary>
    public Task Loaded => _loaded.Task;

    public async Task<StoredDefinition?> FindAsync(TargetName name, CancellationToken cancel) =>
        await records.FindAsync(Kind, name.Value, cancel) is { } record
            ? new StoredDefinition(name, Read(record) ?? new TargetSettings(), record)
            : null;

    /// <summary>Adds a definition.</summary>
    /// <returns>Null when there is one of this name.</returns>
    public async Task<StoredDefinition?> AddAsync(TargetName name, TargetSettings settings, CancellationToken cancel)
    {
        var content = Write(name, settings);
        if (!await records.TryAddAsync(Kind, name.Value, group: null, content, expiresAt: null, cancel))
        {
            return null;
        }

        await TellAsync(name);
        return await FindAsync(name, CancellationToken.None);
    }

    /// <summary>Replaces a definition.</summary>
    /// <returns>Null when somebody else was faster.</returns>
    public async Task<StoredDefinition?> ReplaceAsync(
        StoredDefinition former,
        TargetSettings settings,
        CancellationToken cancel
    )
    {
        var content = Write(former.Name, settings);
        if (await records.TryUpdateAsync(former.Record, content, expiresAt: null, cancel) is not { } updated)
        {
            return null;
        }

        await TellAsync(former.Name);
        return former with { Settings = settings, Record = updated };
    }

    /// <summary>Removes a definition; false when somebody else was faster.</summary>
    public async Task<bool> RemoveAsync(StoredDefinition former, CancellationToken cancel)
    {
        if (!await records.RemoveAsync(former.Record, cancel))
        {
            return false;
        }

        await TellAsync(former.Name);
        return true;
    }

    /// <summary>Reads all definitions and puts them in force on this replica.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            var definitions = (await records.ListAsync(Kind, group: null, cancel))
                .Select(ToDefinition)
                .OfType<TargetDefinition>()
                .ToList();
            registry.Define(definitions);
            _loaded.TrySetResult();
            if (definitions.Count != _count)
            {
                _count = definitions.Count;
                logger.DefinitionsRead(_count);
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    // What is stored is in force; whoever leaves now does not keep the other replicas from it.
    private async Task TellAsync(TargetName name)
    {
        await LoadAsync(CancellationToken.None);
        await feed.PublishAsync(Topic, name.Value, CancellationToken.None);
    }

    // Checked again: what one environment allowed may be refused by another that opens the same database.
    private TargetDefinition? ToDefinition(StoredRecord record)
    {
        if (Read(record) is not { } settings || !TargetName.TryParse(settings.Name, out var name))
        {
            logger.DefinitionRefused("?", "It cannot be read by this version of the gateway.");
            return null;
        }

        if (checks.Check(name.Value, settings) is { Count: > 0 } mistakes)
        {
            logger.DefinitionRefused(
                name.Value,
                string.Join(' ', mistakes.Select(static m => $"{m.Setting} {m.Text}"))
            );
            return null;
        }

        if (registry.Find(name) is { IsConfigured: true })
        {
            logger.DefinitionHidden(name);
        }

        return new TargetDefinition(name, StoredDefinition.VersionOf(record), settings.ToOptions(), settings.Tools);
    }

    private static TargetSettings? Read(StoredRecord record)
    {
        try
        {
            return JsonSerializer.Deserialize<TargetSettings>(record.Value.Span, AdminJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Write(TargetName name, TargetSettings settings) =>
        JsonSerializer.SerializeToUtf8Bytes(settings with { Name = name.Value }, AdminJson.Options);
}

/// <summary>A definition as it was read.</summary>
internal sealed record StoredDefinition(TargetName Name, TargetSettings Settings, StoredRecord Record)
{
    /// <summary>Changes with each edit, and is not used again for another definition of the same name.</summary>
    public string Version => VersionOf(Record);

    public static string VersionOf(StoredRecord record) => $"{record.Id}-{record.Version}";
}
