using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.TestClient.Flow;

namespace AspireGateway.TestClient.Tracing;

/// <summary>Asks the dashboard for a trace, as a person's browser would: login address first, then with the cookie that it gives.</summary>
internal sealed class DashboardReader(DashboardAddress dashboard)
{
    private const int LargestAnswer = 4 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Reads one trace.</summary>
    /// <exception cref="ClientFailure">The dashboard cannot be reached, does not let this program in, or does not have the trace.</exception>
    public async Task<TracedFlow> ReadAsync(string trace, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            MaxResponseContentBufferSize = LargestAnswer,
            Timeout = Patience,
        };
        try
        {
            using var login = dashboard.Login is null ? null : await http.GetAsync(dashboard.Login, cancellationToken);
            using var answer = await http.GetAsync(new Uri(dashboard.Root, $"/api/traces/{trace}"), cancellationToken);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => await answer.Content.ReadFromJsonAsync<TracedFlow>(cancellationToken)
                    ?? throw NoDashboard(null),
                HttpStatusCode.Unauthorized => throw new ClientFailure(
                    $"The dashboard at {dashboard.Root} does not let this program in.",
                    $"Name it with the login address that it printed when it started: --dashboard '{dashboard.Root}login?t=…', or set {DashboardAddress.Variable} to that."
                ),
                HttpStatusCode.NotFound => throw new ClientFailure(
                    $"The dashboard has no trace {trace}.",
                    "It keeps the newest 10,000, until it stops. Programs send their spans every second; a trace of a moment ago may still be on its way."
                ),
                _ => throw NoDashboard(null),
            };
        }
        catch (Exception failure)
            when (failure is HttpRequestException or JsonException or NotSupportedException or TaskCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw NoDashboard(failure);
        }
    }

    private ClientFailure NoDashboard(Exception? failure) =>
        new(
            $"{SafeUrl.Of(dashboard.Root)} does not answer as a dashboard does.",
            "Is the system running, and is this the address that it printed for the dashboard?",
            failure
        );
}
