using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.OAuth;
using AspireGateway.TestClient.Output;
using Spectre.Console;

namespace AspireGateway.TestClient.SignIn;

/// <summary>Sends the person to the authorization server with their own browser, and waits.</summary>
internal sealed class PersonsBrowser(IBrowserLauncher launcher, Terminal terminal, FlowLog log, TimeProvider time)
    : IUserAgent
{
    /// <summary>How long a person may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    public Task<bool> ConsentAsync(Uri page, CancellationToken cancellationToken)
    {
        var opened = launcher.TryOpen(page);
        log.Add(
            new(FlowStep.B3, "connect page")
            {
                Method = "GET",
                Url = SafeUrl.Of(page),
                Note = opened ? "opened in your browser" : "no browser could be opened",
            }
        );
        // Also where it was opened: people should see where a server sends them.
        terminal.Line(
            opened ? "This address is open in your browser:" : "Open this address in a browser:",
            new Style(Color.Yellow)
        );
        terminal.Address(page);
        log.Add(
            new(FlowStep.B4, "in the browser")
            {
                Note = "waiting until you have signed in there, gone on, and consented at the third party (B4 to B8)",
            }
        );
        return Task.FromResult(false);
    }

    /// <inheritdoc />
    public async Task VisitAsync(AuthorizationRequest request, Task answer, CancellationToken cancellationToken)
    {
        var opened = launcher.TryOpen(request.Url);
        log.Add(
            new(FlowStep.A6, "authorization request")
            {
                Method = "GET",
                Url = SafeUrl.Of(request.Url),
                Note = opened ? "opened in your browser" : "no browser could be opened",
            }
        );
        if (!opened)
        {
            terminal.Line("Open this address in a browser on this machine:", new Style(Color.Yellow));
            terminal.Address(request.Url);
        }

        log.Add(new(FlowStep.A7, "sign-in and consent") { Note = "waiting for you in the browser" });
        try
        {
            await answer.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new ClientFailure(
                $"Nobody came back from the browser within {Patience.TotalMinutes:0} minutes.",
                "Run it again and finish the sign-in, or let the test client sign in by itself with --user and TESTCLIENT_PASSWORD.",
                late
            );
        }
    }
}
