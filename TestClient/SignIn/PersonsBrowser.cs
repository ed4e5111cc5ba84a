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
