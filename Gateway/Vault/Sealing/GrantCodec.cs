using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AspireGateway.Gateway.Vault.Sealing;

/// <summary>What of a grant is sealed, and what it is bound to.</summary>
internal sealed partial class GrantCodec(Envelope envelope)
{
    /// <summary>Seals tokens and account for exactly this grant, generation and state.</summary>
    public SealedValue Seal(GrantKey key, GrantTokens? tokens, string? account)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Content.From(tokens, account), Json.Default.Content);
        try
        {
            return envelope.Seal(json, Binding(key));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
    }

    /// <exception cref="UnsealException">The value was not sealed for this grant, generation and state.</exception>
    public (GrantTokens? Tokens, string? Account) Open(GrantKey key, SealedValue value)
    {
        var json = envelope.Open(value, Binding(key));
        try
        {
            var content =
                JsonSerializer.Deserialize(json, Json.Default.Content)
                ?? throw new UnsealException("its content is empty");
            return (content.Tokens(), content.Account);
        }
        catch (JsonException)
        {
            throw new UnsealException("its content is of another version");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
    }

    private static byte[] Binding(GrantKey key) =>
        new BindingWriter("grant/v1")
            .Add(key.Binding.User.Issuer)
            .Add(key.Binding.User.Subject)
            .Add(key.Binding.Target.Value)
            .Add(key.Binding.AuthorizationServer)
            .Add(key.Binding.Resource)
            .Add(key.Binding.ClientId)
            .Add(key.Id.ToByteArray(bigEndian: true))
            .Add(key.Generation)
            .Add((long)key.State)
            .ToArray();

    private sealed record Content(
        string? Access,
        string? Refresh,
        long? ExpiresAt,
        IReadOnlyList<string>? Scopes,
        string? Account
    )
    {
        public static Content From(GrantTokens? tokens, string? account) =>
            new(
                tokens?.AccessToken.Reveal(),
                tokens?.RefreshToken?.Reveal(),
                tokens?.ExpiresAt?.ToUnixTimeMilliseconds(),
                tokens?.Scopes.Values,
                account
            );

        public GrantTokens? Tokens() =>
            Access is null
                ? null
                : new GrantTokens(
                    new Secret(Access),
                    Refresh is null ? null : new Secret(Refresh),
                    ExpiresAt is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null,
                    new ScopeSet(Scopes ?? [])
                );

        // The compiler's own would print the tokens.
        public override string ToString() => "[redacted]";
    }

    [JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Content))]
    private sealed partial class Json : JsonSerializerContext;
}

/// <summary>Everything that a grant's sealed part is bound to.</summary>
internal readonly record struct GrantKey(GrantBinding Binding, Guid Id, long Generation, GrantState State);
