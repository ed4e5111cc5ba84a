using System.Data.Common;
using AspireGateway.Gateway.Vault.Sealing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>The one way to the tables: waits until the vault is open, takes turns, and says in one way that the database does not answer.</summary>
internal sealed class VaultAccess(VaultDatabase database, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LookupHash? _lookup;
    private volatile string _failure = "The vault is being opened.";

    public bool IsOpen => _lookup is not null;

    /// <summary>Why it is not open.</summary>
    public string Failure => _failure;

    /// <summary>HMACs of the database; only after it was opened.</summary>
    public LookupHash Lookup => _lookup ?? throw new VaultUnavailableException(_failure);

    /// <summary>Lets callers in.</summary>
    public void Open(LookupHash lookup)
    {
        _lookup = lookup;
        _tried.TrySetResult();
    }

    /// <summary>Turns callers away, until it can be opened.</summary>
    public void Fail(string reason)
    {
        _failure = reason;
        _tried.TrySetResult();
    }

    public async ValueTask OpenedAsync(CancellationToken cancel)
    {
        if (IsOpen)
        {
            return;
        }

        try
        {
            await _tried.Task.WaitAsync(Patience, time, cancel);
        }
        catch (TimeoutException)
        {
            throw new VaultUnavailableException(_failure);
        }

        if (!IsOpen)
        {
            throw new VaultUnavailableException(_failure);
        }
    }

    /// <summary>Reads; once more where the connection from the pool was dead.</summary>
    public async Task<T> ReadAsync<T>(Func<VaultContext, Task<T>> read, CancellationToken cancel)
    {
        await OpenedAsync(cancel);
        try
        {
            return await UseAsync(read);
        }
        catch (VaultUnavailableException exception) when (IsTransient(exception.InnerException))
        {
            database.ForgetConnections();
            return await UseAsync(read);
        }
    }

    /// <summary>Writes with a single statement, or with several that need not belong together.</summary>
    public async Task<T> WriteAsync<T>(Func<VaultContext, Task<T>> write, CancellationToken cancel)
    {
        await OpenedAsync(cancel);
        using var turn = await database.EnterWriteAsync(cancel);
        return await UseAsync(write);
    }

    /// <summary>Writes, and publishes the change in the same transaction if a row was written.</summary>
    /// <returns>Whether a row was written.</returns>
    public async Task<bool> ChangeAsync(
        Func<VaultContext, Task<int>> write,
        string topic,
        string subject,
        CancellationToken cancel
    )
    {
        await OpenedAsync(cancel);
        using var turn = await database.EnterWriteAsync(cancel);
        return await UseAsync(async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            if (await write(context) == 0)
            {
                return false;
            }

            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            await context.Database.ExecuteSqlAsync(database.PublishSql(topic, subject, now), cancel);

            // From here on it is done or not, and nobody who leaves should make it unknown.
            await transaction.CommitAsync(CancellationToken.None);
            return true;
        });
    }

    /// <summary>See <see cref="VaultDatabase.PurgeAsync"/>.</summary>
    public async Task PurgeAsync(CancellationToken cancel)
    {
        await OpenedAsync(cancel);
        using var turn = await database.EnterWriteAsync(cancel);
        await TranslateAsync(async () =>
        {
            await database.PurgeAsync(cancel);
            return true;
        });
    }

    /// <summary>Reads without EF, see <see cref="VaultDatabase.QueryAsync"/>.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancel,
        params (string Name, object Value)[] parameters
    )
    {
        await OpenedAsync(cancel);
        return await TranslateAsync(() => database.QueryAsync(sql, read, cancel, parameters));
    }

    private Task<T> UseAsync<T>(Func<VaultContext, Task<T>> use) =>
        TranslateAsync(async () =>
        {
            await using var context = database.CreateContext();
            return await use(context);
        });

    private static async Task<T> TranslateAsync<T>(Func<Task<T>> use)
    {
        try
        {
            return await use();
        }
        catch (Exception exception) when (DatabaseErrors.IsDatabaseError(exception))
        {
            throw new VaultUnavailableException(
                $"The vault's database does not answer: {DatabaseErrors.Describe(exception)}",
                exception
            );
        }
    }

    private static bool IsTransient(Exception? exception) =>
        (exception as DbException ?? exception?.InnerException as DbException)?.IsTransient is true;
}
