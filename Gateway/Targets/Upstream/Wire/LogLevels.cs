using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>
/// The log level of a session with a target of an older revision, which has one for all requests. It only becomes more talkative: what a
/// caller did not ask for is held back where it would be sent to them.
/// </summary>
internal sealed class LogLevels
{
    private static readonly string[] FromTalkativeToQuiet =
    [
        "debug",
        "info",
        "notice",
        "warning",
        "error",
        "critical",
        "alert",
        "emergency",
    ];

    private (TargetSession Session, int Level)? _set;

    /// <summary>Whether a level exists.</summary>
    public static bool IsKnown(string? level) => RankOf(level) >= 0;

    /// <summary>Whether a message of one level is wanted by somebody who asked for another.</summary>
    public static bool Includes(string wanted, string? level) => RankOf(level) >= RankOf(wanted);

    /// <summary>Makes the target send this level too, unless it does already or keeps its own.</summary>
    public async Task RaiseAsync(TargetHttp http, string? level, CancellationToken cancel)
    {
        var session = http.Session;
        var rank = RankOf(level);
        if (
            rank < 0
            || session.IsModern
            || !session.Description.Declares("logging")
            || (_set is var (known, current) && known == session && current <= rank)
        )
        {
            return;
        }

        var parameters = new JsonObject { ["level"] = level };
        await using var exchange = await UpstreamExchange.StartAsync(
            http,
            new UpstreamCall("logging/setLevel", parameters),
            static () => { },
            cancel
        );
        await exchange.NextAsync();
        _set = (session, rank);
    }

    private static int RankOf(string? level) => Array.IndexOf(FromTalkativeToQuiet, level);
}
