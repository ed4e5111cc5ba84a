namespace AspireGateway.TestClient.Tracing;

/// <summary>Where the dashboard is, which keeps the traces. Its login address holds a token, which no link of this program shows.</summary>
/// <param name="Root">Its address.</param>
/// <param name="Login">The address at which its pages open for a person; null where only the address is known.</param>
internal sealed record DashboardAddress(Uri Root, Uri? Login)
{
    /// <summary>Environment variable with the address; the AppHost sets it, and a person may.</summary>
    public const string Variable = "FLOW_DASHBOARD_URL";

    /// <summary>Reads an address as the AppHost prints it, with or without the login token; null when it is none.</summary>
    public static DashboardAddress? Read(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? new(new Uri(url.GetLeftPart(UriPartial.Authority)), url.AbsolutePath == "/login" ? url : null)
            : null;

    /// <summary>The page of a trace.</summary>
    public Uri PageOf(string trace) => new(Root, $"/traces/{trace}");
}
