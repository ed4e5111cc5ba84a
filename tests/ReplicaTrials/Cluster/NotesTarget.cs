using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway;
using AspireGateway.TestKit;
using AspireGateway.TestKit.Targets;

namespace AspireGateway.ReplicaTrials.Cluster;

/// <summary>
/// The target: says whose token came with which call. A token of nobody, one that has expired, and one that was replaced longer
/// ago than replicas may take to hear of it are wrong.
/// </summary>
internal sealed class NotesTarget : IAsyncDisposable
{
    /// <summary>A replica hears of a change within a second; the call itself takes time too.</summary>
    private static readonly TimeSpan HearSay = TimeSpan.FromSeconds(3);

    private readonly FakeTarget _target;
    private readonly TokenLedger _ledger;
    private readonly ConcurrentQueue<ReceivedCall> _calls = new();
    private int _wrong;

    private NotesTarget(FakeTarget target, TokenLedger ledger)
    {
        (_target, _ledger) = (target, ledger);
        target.Override = AnswerAsync;
    }

    public string Url => _target.Url;

    /// <summary>Calls that came with a wrong token.</summary>
    public int Wrong => Volatile.Read(ref _wrong);

    /// <summary>All calls that came.</summary>
    public IReadOnlyCollection<ReceivedCall> Calls => _calls;

    public static async Task<NotesTarget> StartAsync(TokenLedger ledger) =>
        new(await FakeTarget.StartNewAsync(), ledger);

    public ValueTask DisposeAsync() => _target.DisposeAsync();

    private async Task<bool> AnswerAsync(HttpContext context, RecordedRequest request)
    {
        if (!request.Text.Contains("\"tools/call\"", StringComparison.Ordinal))
        {
            return false;
        }

        var token = request
            .Headers.GetValueOrDefault("Authorization", "")
            .Replace("Bearer ", "", StringComparison.Ordinal);
        var tokens = _ledger.Find(token);
        if (Mistake(tokens, token) is { } mistake)
        {
            Interlocked.Increment(ref _wrong);
            Report.Line($"wrong token: {mistake}");
        }

        tokens?.WasUsed = true;
        var message = JsonNode.Parse(request.Body)!;
        var arguments = message["params"]!["arguments"]!.ToJsonString();
        _calls.Enqueue(new ReceivedCall(tokens?.Person ?? "", CanonicalJson.Digest(Encoding.UTF8.GetBytes(arguments))));
        var text = $"{tokens?.Person} {message["params"]?["arguments"]?["text"]}";
        await FakeTarget.WriteAsync(
            context,
            message["id"]!,
            new JsonObject
            {
                ["resultType"] = "complete",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }),
            }
        );
        return true;
    }

    private static string? Mistake(IssuedTokens? tokens, string token)
    {
        var now = TimeProvider.System.GetUtcNow();
        return tokens is null ? "the third party never gave it"
            : token != tokens.AccessToken ? "it is a refresh token"
            : now - tokens.At > tokens.Life ? $"{tokens.Person}'s expired {now - tokens.At - tokens.Life} ago"
            : now - tokens.SupersededAt > HearSay ? $"{tokens.Person}'s was replaced {now - tokens.SupersededAt} ago"
            : null;
    }
}

/// <summary>A call that the target got: for whom, and the SHA-256 of its canonical arguments.</summary>
internal sealed record ReceivedCall(string Person, string Arguments);
