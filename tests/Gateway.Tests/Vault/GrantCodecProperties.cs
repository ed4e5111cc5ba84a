using System.Security.Cryptography;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Sealing;
using AspireGateway.Gateway.Vault.Storage;
using CsCheck;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>A sealed grant opens for exactly what it was sealed for, and not after any change.</summary>
public sealed class GrantCodecProperties : IAsyncLifetime
{
    private const long Cases = 20_000;

    private static readonly Gen<string> Text = Gen.Frequency(
        (3, Gen.String[Gen.Char.AlphaNumeric, 0, 12]),
        (
            1,
            Gen.OneOf(
                new[] { "", "a", "aa", "é", "corp", "https://id.test", "a\0b", "\n", "😀" }.Select(Gen.Const).ToArray()
            )
        )
    );

    private static readonly Gen<TargetName> Target = Gen.String[Gen.Char['a', 'z'], 1, 8].Select(SampleGrants.Target);

    private static readonly Gen<GrantKey> Key = Gen.Select(
        Gen.Select(Text, Text, Target),
        Gen.Select(Text, Text, Text),
        Gen.Select(Gen.Guid, Gen.Long, Gen.Bool),
        static (who, where, which) =>
            new GrantKey(
                new GrantBinding(new UserId(who.Item1, who.Item2), who.Item3, where.Item1, where.Item2, where.Item3),
                which.Item1,
                which.Item2,
                which.Item3 ? GrantState.Active : GrantState.Ended
            )
    );

    private static readonly Gen<GrantTokens> Tokens = Gen.Select(
        Text,
        Gen.Null(Text),
        Gen.Nullable(Gen.Long[0, 253402300799999]),
        Gen.String[Gen.Char.AlphaNumeric, 1, 5].Array[0, 4],
        static (access, refresh, expires, scopes) =>
            new GrantTokens(
                new Secret(access),
                refresh is null ? null : new Secret(refresh),
                expires is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null,
                new ScopeSet(scopes)
            )
    );

    private readonly VaultStorage _storage = VaultStorage.Sqlite();
    private readonly VaultReplica _replica;
    private readonly GrantCodec _codec;
    private readonly Envelope _envelope;

    public GrantCodecProperties()
    {
        _replica = VaultReplica.Create(
            _storage,
            settings:
            [
                ("Gateway:Vault:Keys:0:Id", "one"),
                ("Gateway:Vault:Keys:0:Value", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
                ("Gateway:Vault:Keys:1:Id", "two"),
                ("Gateway:Vault:Keys:1:Value", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
                ("Gateway:Vault:ActiveKey", "one"),
            ]
        );
        _codec = _replica.Get<GrantCodec>();
        _envelope = _replica.Get<Envelope>();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _replica.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public void What_was_sealed_opens_again() =>
        Gen.Select(Key, Gen.Null(Tokens), Gen.Null(Text))
            .Sample(
                (key, tokens, account) =>
                {
                    var opened = _codec.Open(key, _codec.Seal(key, tokens, account));
                    opened.Account.ShouldBe(account);
                    opened.Tokens?.AccessToken.ShouldBe(tokens!.AccessToken);
                    opened.Tokens?.RefreshToken.ShouldBe(tokens!.RefreshToken);
                    opened.Tokens?.ExpiresAt.ShouldBe(tokens!.ExpiresAt);
                    opened.Tokens?.Scopes.Values.ShouldBe(tokens!.Scopes.Values);
                    (opened.Tokens is null).ShouldBe(tokens is null);
                },
                iter: Cases
            );

    [Fact]
    public void It_opens_for_no_other_grant_generation_or_state() =>
        Gen.Select(Key, Key, Gen.Int[1, 511])
            .Sample(
                (key, other, fields) =>
                {
                    var mixed = Mix(key, other, fields);
                    var value = _codec.Seal(key, SampleGrants.Tokens(), account: null);
                    if (mixed == key)
                    {
                        _codec.Open(mixed, value).Tokens.ShouldNotBeNull();
                    }
                    else
                    {
                        Should.Throw<UnsealException>(() => _codec.Open(mixed, value));
                    }
                },
                iter: Cases
            );

    [Fact]
    public void It_does_not_open_after_one_bit_was_changed_anywhere() =>
        Gen.Select(Key, Gen.Bool, Gen.Int[0, int.MaxValue])
            .Sample(
                (key, inContent, bit) =>
                {
                    var value = _codec.Seal(key, SampleGrants.Tokens(), account: null);
                    var bytes = inContent ? value.Content : value.WrappedKey;
                    bytes[bit / 8 % bytes.Length] ^= (byte)(1 << (bit % 8));
                    Should.Throw<UnsealException>(() => _codec.Open(key, value));
                },
                iter: Cases
            );

    [Fact]
    public void Every_bit_counts()
    {
        var key = new GrantKey(SampleGrants.Binding(), Guid.NewGuid(), 1, GrantState.Active);
        var value = _codec.Seal(key, SampleGrants.Tokens(), account: null);
        foreach (var bytes in new[] { value.Content, value.WrappedKey })
        {
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Should.Throw<UnsealException>(() => _codec.Open(key, value));
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        _codec.Open(key, value).Tokens.ShouldNotBeNull();
    }

    [Fact]
    public void Parts_of_different_length_or_of_another_value_do_not_open()
    {
        var key = new GrantKey(SampleGrants.Binding(), Guid.NewGuid(), 1, GrantState.Active);
        var value = _codec.Seal(key, SampleGrants.Tokens(), account: null);
        var other = _codec.Seal(key, SampleGrants.Tokens("other"), account: null);

        foreach (
            var broken in new[]
            {
                value with
                {
                    KeyId = "two",
                },
                value with
                {
                    KeyId = "three",
                },
                value with
                {
                    WrappedKey = other.WrappedKey,
                },
                value with
                {
                    WrappedKey = [],
                },
                value with
                {
                    WrappedKey = [.. value.WrappedKey, 0],
                },
                value with
                {
                    Content = [],
                },
                value with
                {
                    Content = value.Content[..^1],
                },
                value with
                {
                    Content = [.. value.Content, 0],
                },
                value with
                {
                    Content = other.Content,
                },
            }
        )
        {
            Should.Throw<UnsealException>(() => _codec.Open(key, broken));
        }

        _codec.Open(key, value).Tokens!.AccessToken.Reveal().ShouldBe("access-one");
    }

    [Fact]
    public void Lists_of_fields_that_read_the_same_when_joined_are_told_apart() =>
        Gen.Select(Text, Text, Text, Text)
            .Sample(
                static (a, b, c, d) =>
                {
                    var one = new BindingWriter("k").Add(a).Add(b).ToArray();
                    var two = new BindingWriter("k").Add(c).Add(d).ToArray();
                    one.AsSpan().SequenceEqual(two).ShouldBe(a == c && b == d);
                },
                iter: Cases
            );

    [Fact]
    public void A_record_opens_for_no_other_kind_key_group_version_or_expiry()
    {
        RecordRow Row() =>
            new()
            {
                Kind = "kind",
                KeyHash = [1, 2],
                GroupHash = [3],
                Version = 1,
                ExpiresAt = 5,
                CreatedAt = 0,
                KeyId = "",
                WrappedKey = [],
                Content = [],
            };
        var value = _envelope.Seal("content"u8, RecordCodec.Binding(Row()));

        _envelope.Open(value, RecordCodec.Binding(Row())).ShouldBe("content"u8.ToArray());
        foreach (
            var change in new Action<RecordRow>[]
            {
                static row => row.Kind = "kin",
                static row => row.KeyHash = [1],
                static row => row.GroupHash = null,
                static row => row.GroupHash = [],
                static row => row.Version = 2,
                static row => row.ExpiresAt = 6,
                static row => row.ExpiresAt = null,
            }
        )
        {
            var row = Row();
            change(row);
            Should.Throw<UnsealException>(() => _envelope.Open(value, RecordCodec.Binding(row)));
        }
    }

    private static GrantKey Mix(GrantKey key, GrantKey other, int fields)
    {
        T Pick<T>(int field, T one, T two) => (fields & (1 << field)) == 0 ? one : two;
        var (a, b) = (key.Binding, other.Binding);
        return new GrantKey(
            new GrantBinding(
                new UserId(Pick(0, a.User.Issuer, b.User.Issuer), Pick(1, a.User.Subject, b.User.Subject)),
                Pick(2, a.Target, b.Target),
                Pick(3, a.AuthorizationServer, b.AuthorizationServer),
                Pick(4, a.Resource, b.Resource),
                Pick(5, a.ClientId, b.ClientId)
            ),
            Pick(6, key.Id, other.Id),
            Pick(7, key.Generation, other.Generation),
            Pick(8, key.State, other.State)
        );
    }
}
