using System.Text;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Sealing;
using AspireGateway.Gateway.Vault.Storage;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>
/// What is stored today must be readable by every later version: a changed byte here loses the grants of everybody. The values were
/// computed by another program, after the description of the format.
/// </summary>
public sealed class StoredFormatTests : IAsyncLifetime
{
    // The key encryption key is the bytes 1 to 32, the key of the value the bytes 100 to 131.
    private const string Key = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

    private const string Wrapped =
        "ATIzNDU2Nzg5Ojs8Pf460f5TbkcoSYYkEGHig2HGbCTaIAjSqbA28GpH3N2TZLbUfC7LRJ8q6UANWCR5yw==";

    private const string Content =
        "AQABAgMEBQYHCAkKC+SJeS/eKLKavym8qfX57cGaOgyyASGCQKFgjHg7znvCwlOqpkhZauez88zPU5c2IaYlrPAWwVMzrI4ynvJZ"
        + "LMDvMovvRa8/JKeW5NxLmim/ulFzlnm+l76+AiV+OSjns4DtTFGrrrNHlI5aA1Cjq2aY/phtzSAaFovHyif1qKMM0w==";

    private static readonly GrantKey Grant = new(
        new GrantBinding(
            new UserId("corp", "alice"),
            SampleGrants.Target("notes"),
            "https://id.example",
            "https://notes.example/mcp",
            "gateway"
        ),
        Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10"),
        7,
        GrantState.Active
    );

    private readonly VaultStorage _storage = VaultStorage.Sqlite();
    private readonly VaultReplica _replica;

    public StoredFormatTests() =>
        _replica = VaultReplica.Create(
            _storage,
            settings: [("Gateway:Vault:Keys:0:Id", "2026-11"), ("Gateway:Vault:Keys:0:Value", Key)]
        );

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _replica.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public void A_grant_of_the_first_version_opens()
    {
        var sealedValue = new SealedValue(
            "2026-11",
            Convert.FromBase64String(Wrapped),
            Convert.FromBase64String(Content)
        );

        var (tokens, account) = _replica.Get<GrantCodec>().Open(Grant, sealedValue);

        account.ShouldBe("alice.p");
        tokens!.AccessToken.Reveal().ShouldBe("access-1");
        tokens.RefreshToken!.Reveal().ShouldBe("refresh-1");
        tokens.ExpiresAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        tokens.Scopes.Values.ShouldBe(["notes:read"]);
    }

    [Fact]
    public void Every_field_of_a_binding_carries_its_length_and_nothing_is_not_empty() =>
        Hex(
                new BindingWriter("kind")
                    .Add("é")
                    .Add([1, 2])
                    .Add([])
                    .Add([], isNull: true)
                    .Add(258)
                    .Add((long?)null)
                    .Add((long?)-1)
                    .ToArray()
            )
            .ShouldBe(
                "000000046b696e6400000002c3a900000002010200000000ffffffff"
                    + "000000080000000000000102ffffffff00000008ffffffffffffffff"
            );

    [Fact]
    public void A_text_that_is_none_is_bound_to_nothing() =>
        Should.Throw<EncoderFallbackException>(static () => new BindingWriter("kind").Add("\ud800"));

    [Fact]
    public void A_record_is_bound_to_kind_key_group_version_and_expiry()
    {
        var row = new RecordRow
        {
            Kind = "consent",
            KeyHash = [1],
            GroupHash = null,
            Version = 3,
            ExpiresAt = null,
            CreatedAt = 0,
            KeyId = "",
            WrappedKey = [],
            Content = [],
        };

        Hex(RecordCodec.Binding(row))
            .ShouldBe(
                "000000097265636f72642f763100000007636f6e73656e740000000101ffffffff000000080000000000000003ffffffff"
            );
        row.GroupHash = [];
        Hex(RecordCodec.Binding(row)).ShouldContain("0000000101" + "00000000" + "00000008");
    }

    [Fact]
    public void Records_are_found_by_hashes_under_keys_that_are_derived_from_the_vaults_own()
    {
        var hash = new LookupHash([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]);

        Hex(hash.Key("consent", "handle")).ShouldBe("7b884b64dac80e3b645deff6bd086a78199ee26e8459db4ba2259f1cf21b7d2d");
        Hex(hash.Group("consent", "handle"))
            .ShouldBe("88ebe902fe3ee759c6d0b57193a4aa5808171ece8123514a0dc2c1875024c3f5");
    }

    [Fact]
    public void Every_value_has_a_nonce_of_its_own_and_may_be_empty()
    {
        var envelope = _replica.Get<Envelope>();
        var (first, second) = (envelope.Seal([], [1]), envelope.Seal([], [1]));

        envelope.Open(first, [1]).ShouldBeEmpty();
        first.Content[1..13].ShouldNotBe(second.Content[1..13]);
        first.Content[1..13].ShouldNotBe(new byte[12]);
        first.WrappedKey[1..13].ShouldNotBe(second.WrappedKey[1..13]);
    }

    [Fact]
    public void What_cannot_be_opened_says_why()
    {
        var envelope = _replica.Get<Envelope>();
        var good = envelope.Seal([1], [1]);
        var wrapped = (byte[])good.WrappedKey.Clone();
        wrapped[^1] ^= 1;

        Why(good with { WrappedKey = wrapped }).ShouldContain("wrapped key was changed");
        Why(good with { WrappedKey = [] }).ShouldContain("wrapped key was changed");
        Why(good with { KeyId = "unknown" }).ShouldContain("'unknown' is not in Gateway:Vault:Keys");
        Why(good with { Content = good.Content[..28] }).ShouldContain("form");
        Why(good with { Content = [2, .. good.Content[1..]] }).ShouldContain("form");
        Should.Throw<UnsealException>(() => envelope.Rewrap(good with { WrappedKey = wrapped }));

        string Why(SealedValue value) => Should.Throw<UnsealException>(() => envelope.Open(value, [1])).Message;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
