using AspireGateway.Gateway.Vault.Sealing;
using AspireGateway.Gateway.Vault.Storage;

namespace AspireGateway.Gateway.Vault.Grants;

/// <summary>Turns rows into grants and back. A row that cannot be opened stays as it is, and is no grant.</summary>
internal sealed class GrantRows(GrantCodec codec, ILogger<GrantRows> logger)
{
    public Grant Open(GrantRow row)
    {
        try
        {
            if (!TargetName.TryParse(row.Target, out var target))
            {
                throw new UnsealException("its target is no target name");
            }

            var binding = new GrantBinding(
                new UserId(row.Issuer, row.Subject),
                target,
                row.AuthorizationServer,
                row.Resource,
                row.ClientId
            );
            var (tokens, account) = codec.Open(
                new GrantKey(binding, row.GrantId, row.Generation, row.State),
                row.Sealed
            );
            return ToGrant(row, binding, tokens, account);
        }
        catch (UnsealException exception)
        {
            logger.RowUnreadable("grants", row.Id, exception.Message);
            throw new VaultUnavailableException("A grant in the vault cannot be opened.", exception);
        }
    }

    public SealedValue Seal(Grant grant) =>
        codec.Seal(new GrantKey(grant.Binding, grant.Id, grant.Generation, grant.State), grant.Tokens, grant.Account);

    /// <summary>The row of a new consent.</summary>
    public GrantRow New(Guid id, GrantBinding binding, GrantTokens tokens, string? account, long now)
    {
        var key = new GrantKey(binding, id, Generation: 1, GrantState.Active);
        var value = codec.Seal(key, tokens, account);
        return new GrantRow
        {
            Issuer = binding.User.Issuer,
            Subject = binding.User.Subject,
            Target = binding.Target.Value,
            AuthorizationServer = binding.AuthorizationServer,
            Resource = binding.Resource,
            ClientId = binding.ClientId,
            GrantId = key.Id,
            Generation = key.Generation,
            State = key.State,
            KeyId = value.KeyId,
            WrappedKey = value.WrappedKey,
            Content = value.Content,
            CreatedAt = now,
        };
    }

    private static Grant ToGrant(GrantRow row, GrantBinding binding, GrantTokens? tokens, string? account) =>
        new()
        {
            Id = row.GrantId,
            Binding = binding,
            Generation = row.Generation,
            State = row.State,
            Tokens = tokens,
            Account = account,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
            LastRefreshedAt = Time(row.RefreshedAt),
            LastUsedAt = Time(row.UsedAt),
            RefreshNotBefore = Time(row.NotBefore),
            RefreshFailures = row.Failures,
        };

    private static DateTimeOffset? Time(long? milliseconds) =>
        milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
