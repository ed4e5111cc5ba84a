using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.Running;
using AspireGateway.TestClient.Tour.Stops;
using Microsoft.Extensions.Logging;

namespace AspireGateway.TestClient.Tour;

/// <summary>Leads through every feature, on every route, with every revision.</summary>
internal sealed class Guide(string? accessToken, ILoggerFactory logging)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>All stops, in the order of the table.</summary>
    public static IReadOnlyList<Stop> Stops { get; } =
    [.. ContentStops.All, .. RunningStops.All, .. AskingStops.All, .. OfferStops.All, .. ChangeStops.All];

    /// <summary>Visits everything.</summary>
    public async Task<IReadOnlyList<TourCell>> LeadAsync(IReadOnlyList<Uri> routes, CancellationToken cancellationToken)
    {
        List<TourCell> cells = [];
        foreach (var route in routes)
        {
            foreach (var revision in Revisions.All)
            {
                cells.AddRange(await VisitAllAsync(route, revision, cancellationToken));
            }
        }

        return cells;
    }

    private async Task<IReadOnlyList<TourCell>> VisitAllAsync(
        Uri route,
        string revision,
        CancellationToken cancellationToken
    )
    {
        TourClient client;
        try
        {
            client = await TourClient.OpenAsync(route, revision, accessToken, logging, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = Explain(failure, route);
            return [.. Stops.Select(stop => Cell(stop, stop.IsIn(revision) ? $"not connected: {reason}" : null))];
        }

        await using var connected = client;
        List<TourCell> cells = [];
        foreach (var stop in Stops)
        {
            cells.Add(Cell(stop, stop.IsIn(revision) ? await VisitAsync(stop, client, cancellationToken) : null));
        }

        return cells;

        TourCell Cell(Stop stop, string? reason) =>
            new(stop.Feature, route.AbsolutePath, revision, reason) { Exists = stop.IsIn(revision) };
    }

    private static async Task<string?> VisitAsync(Stop stop, TourClient client, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        client.Forget();
        try
        {
            await stop.VisitAsync(client, patience.Token);
            return null;
        }
        // Whatever it is, it belongs into the table, and the tour goes on.
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return patience.IsCancellationRequested
                ? $"nothing happened for {Patience.TotalSeconds:0} s"
                : Explain(failure, client.Server);
        }
    }

    private static string Explain(Exception failure, Uri server) =>
        Printable.OneLine(Failures.Explain(failure, server, new FlowLog(new Secrets())).Message, 160);
}
