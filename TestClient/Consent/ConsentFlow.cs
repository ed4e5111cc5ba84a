using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.SignIn;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Consent;

/// <summary>
/// Flow B on the client's side. A gateway that has no grant of the person for a target asks for one with a URL: in revision
/// 2025-11-25 as error -32042, and the client repeats the call; from 2026-07-28 on as a result <c>input_required</c>, and the SDK
/// repeats it once the handler has answered. Both end in <see cref="AskAsync"/>.
/// </summary>
internal sealed class ConsentFlow(IUserAgent userAgent, FlowLog log, FlowKnowledge known, Uri server, TimeProvider time)
    : IDisposable
{
    /// <summary>How long a person may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Between two tries while a person is in the browser.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // The first consent, then perhaps one for more scopes. A third one would be asked for forever.
    private const int MostConsents = 2;

    private const string Accept = "accept";
    private const string Decline = "decline";

    // A server may ask several questions at once; a person answers one after the other.
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private AskingCall? _call;

    /// <summary>How many times somebody has consented with success.</summary>
    public int Given { get; private set; }

    /// <summary>Makes a call, and again after each consent that it needs.</summary>
    /// <returns>The result, and whether a consent was needed for it.</returns>
    public async Task<(CallToolResult Result, bool Asked)> CallAsync(
        string tool,
        Func<CancellationToken, ValueTask<CallToolResult>> call,
        CancellationToken cancellationToken
    )
    {
        var asking = _call = new AskingCall(tool);
        try
        {
            while (true)
            {
                try
                {
                    var result = await call(cancellationToken);
                    Given += result.IsError is true ? 0 : asking.Consents;
                    return (result, asking.Consents > 0);
                }
                catch (UrlElicitationRequiredException required)
                {
                    foreach (var elicitation in required.Elicitations)
                    {
                        await AskAsync(asking, elicitation, "error -32042", cancellationToken);
                    }
                }
                catch (McpException tooOften) when (asking.IsPersonOnTheWay && tooOften is not McpProtocolException)
                {
                    // The SDK repeats a call ten times; people take longer.
                }
            }
        }
        finally
        {
            _call = null;
            if (known.Repetition?.Held is { } last)
            {
                log.Add(last);
            }

            known.Repetition = null;
        }
    }

    /// <summary>The SDK's handler: the server asks during a call.</summary>
    public async ValueTask<ElicitResult> AnswerAsync(ElicitRequestParams? asked, CancellationToken cancellationToken)
    {
        if (asked is not { Mode: "url" } || _call is not { } asking)
        {
            // Nothing else was declared, and nobody is there who expects a question.
            return new() { Action = Decline };
        }

        var how = asked.ElicitationId is null ? "input_required" : "elicitation/create";
        await AskAsync(asking, asked, how, cancellationToken);
        return new() { Action = Accept };
    }

    /// <summary>The server tells that a consent is there (revision 2025-11-25).</summary>
    public void Completed(string? elicitationId) => _call?.Complete(elicitationId);

    /// <inheritdoc />
    public void Dispose() => _oneAtATime.Dispose();

    private async Task AskAsync(
        AskingCall asking,
        ElicitRequestParams asked,
        string how,
        CancellationToken cancellationToken
    )
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var message = Printable.OneLine(asked.Message);
            if (asking.IsPersonOnTheWay && asking.Message == message)
            {
                await WaitAsync(asking, cancellationToken);
                return;
            }

            await ConsentAsync(asking, asked, message, how, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task ConsentAsync(
        AskingCall asking,
        ElicitRequestParams asked,
        string message,
        string how,
        CancellationToken cancellationToken
    )
    {
        if (asking.Consents == MostConsents)
        {
            throw new ClientFailure(
                "The gateway asks for the consent again, though it was given.",
                "Its log says why it did not keep the grant, or why the target does not accept it."
            );
        }

        if (asking.Consents++ == 0)
        {
            log.Add(new(FlowStep.B1, "call") { Note = $"{asking.Tool} needs your consent at a third party" });
        }

        log.Add(new(FlowStep.B2, "consent asked") { Note = $"{how}: {message}" });
        asking.Begin(message, asked.ElicitationId, time.GetTimestamp());
        using var span = ClientTelemetry.Source.StartActivity(ClientTelemetry.Consent);
        var finished = await userAgent.ConsentAsync(ReadUrl(asked.Url), cancellationToken);
        known.Repetition = new(Quiet: !finished);
        if (!finished)
        {
            asking.IsPersonOnTheWay = true;
            await WaitAsync(asking, cancellationToken);
        }
    }

    private async Task WaitAsync(AskingCall asking, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(asking.Since) > Patience)
        {
            throw new ClientFailure(
                $"Nobody consented in the browser within {Patience.TotalMinutes:0} minutes.",
                "Run it again: it opens a new link. With --user and TESTCLIENT_PASSWORD the test client goes through the pages by itself."
            );
        }

        // Whoever tells it first: the server, where it can, or the next try.
        using var tried = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var told = asking.Told;
        if (await Task.WhenAny(told, Task.Delay(Pause, time, tried.Token)) == told)
        {
            asking.Forget();
        }

        await tried.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    // The gateway's own page: whatever else a server wants to have opened may be anything.
    private Uri ReadUrl(string? text)
    {
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || BrowserMove.Origin(url) != BrowserMove.Origin(server)
        )
        {
            throw new ClientFailure(
                $"The server asks to open {(url is null ? "something that is no address" : BrowserMove.Origin(url))}, which is not its own page.",
                "The test client opens only pages of the server that it talks to. Look at the server."
            );
        }

        // What makes the link this link; the person needs it, the output does not.
        log.Secrets.Add(url.Segments[^1].Trim('/') is { Length: >= 20 } handle ? handle : null);
        return url;
    }
}
