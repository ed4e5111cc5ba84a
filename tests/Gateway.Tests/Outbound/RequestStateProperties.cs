using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using CsCheck;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Whatever the request, its <c>requestState</c> is good for an equal one and for nothing else.</summary>
public sealed class RequestStateProperties
{
    private const int PrefixLength = 5;

    // Few and alike, so that two requests are often the same but for one part, or read the same when their parts are joined.
    private static readonly Gen<string> Text = Gen.OneOf("", "a", "b", "a1:b", "1:a", "-1:", "b1:a");

    private static readonly Gen<Asked> Requests = Gen.Select(
        Gen.Select(Text, Text, Text),
        Gen.Select(Gen.OneOf<string?>(null, "notes", "orders"), Gen.OneOf("tools/call", "prompts/get"), Text),
        Gen.OneOf<string?>(null, "{}", """{"a":1}""", """{"a":"1"}""", """{"a":{"b":1}}""", """{"a":1,"b":1}"""),
        static (who, what, arguments) =>
            new Asked(who.Item1, who.Item2, who.Item3, what.Item1, what.Item2, what.Item3, arguments)
    );

    [Fact]
    public async Task A_state_is_good_for_an_equal_request_and_for_no_other()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage);
        var states = New(replica);
        var used = 0;

        await Gen.Select(Requests, Requests, Gen.Int[0, 3])
            .SampleAsync(
                async (asked, other, same) =>
                {
                    var repeated = same == 0 ? asked : other;
                    var isGood = await UseAsync(states, repeated, Create(states, asked));
                    used += isGood ? 1 : 0;
                    return isGood == (repeated == asked);
                },
                iter: 5_000,
                threads: 1
            );

        used.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_state_with_any_bit_changed_is_good_for_nothing_and_stays_good_unchanged()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage);
        var states = New(replica);

        await Gen.Select(Requests, Gen.Int[0, int.MaxValue])
            .SampleAsync(
                async (asked, bit) =>
                {
                    var state = Create(states, asked);
                    var bytes = WebEncoders.Base64UrlDecode(state[PrefixLength..]);
                    bit %= bytes.Length * 8;
                    bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                    var changed = state[..PrefixLength] + WebEncoders.Base64UrlEncode(bytes);
                    return !await UseAsync(states, asked, changed) && await UseAsync(states, asked, state);
                },
                iter: 1_000,
                threads: 1
            );
    }

    [Fact]
    public async Task Arbitrary_text_is_no_state()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage);
        var states = New(replica);

        await Gen.Select(Requests, Gen.String[Gen.OneOf(Gen.Char, Gen.Char.AlphaNumeric, Gen.Char["-_=.{}"]), 0, 200])
            .SampleAsync(
                async (asked, text) => !await UseAsync(states, asked, "agw1." + text),
                iter: 10_000,
                threads: 1
            );
    }

    [Fact]
    public async Task A_state_is_good_for_ten_minutes()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        var states = new RequestStates(new EphemeralDataProtectionProvider(), replica.Records, time);
        var asked = new Asked("corp", "alice", "agent", "notes", "tools/call", "echo", "{}");
        var (first, second) = (Create(states, asked), Create(states, asked));

        time.Advance(RequestStates.Lifetime - TimeSpan.FromSeconds(1));
        (await UseAsync(states, asked, first)).ShouldBeTrue();
        time.Advance(TimeSpan.FromSeconds(1));
        (await UseAsync(states, asked, second)).ShouldBeFalse();
    }

    private static RequestStates New(VaultReplica replica) =>
        new(new EphemeralDataProtectionProvider(), replica.Records, TimeProvider.System);

    private static string Create(RequestStates states, Asked asked) =>
        states.Create(asked.Caller, asked.Request, asked.Parameters(state: null));

    private static Task<bool> UseAsync(RequestStates states, Asked asked, string state) =>
        states.TryUseAsync(asked.Caller, asked.Request, asked.Parameters(state), CancellationToken.None);

    private sealed record Asked(
        string Issuer,
        string Subject,
        string Client,
        string? Target,
        string Method,
        string Name,
        string? Arguments
    )
    {
        public Caller Caller =>
            new(new UserId(Issuer, Subject), Client, ScopeSet.Parse(""), [], DateTimeOffset.MaxValue);

        public McpRequest Request =>
            new()
            {
                Body = default,
                Method = Method,
                OwnName = Name,
                Target = Target is null ? null : SampleGrants.Target(Target),
            };

        public JsonObject Parameters(string? state)
        {
            var parameters = new JsonObject { ["name"] = Name, ["requestState"] = state };
            if (Arguments is not null)
            {
                parameters["arguments"] = JsonNode.Parse(Arguments);
            }

            return parameters;
        }
    }
}
