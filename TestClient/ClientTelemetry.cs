using System.Diagnostics;

namespace AspireGateway.TestClient;

/// <summary>
/// The test client's spans. One root span holds the whole run, so that every request, the browser's included, is in one
/// trace; below it is one span per leg of the flow.
/// </summary>
internal static class ClientTelemetry
{
    public const string SourceName = "AspireGateway.TestClient";

    /// <summary>The SDK's source; while somebody listens to it, the SDK sends the trace context in <c>params._meta</c>.</summary>
    public const string McpSdkName = "Experimental.ModelContextProtocol";

    /// <summary>Steps A3 and A4: metadata of the resource and of its authorization server.</summary>
    public const string Discover = "oauth.discover";

    /// <summary>Step A5, when the client registers dynamically.</summary>
    public const string Register = "oauth.register";

    /// <summary>Steps A6 to A8: the way through the browser.</summary>
    public const string Authorize = "oauth.authorize";

    /// <summary>Step A8: the redirect that the callback listener receives.</summary>
    public const string Callback = "oauth.callback";

    /// <summary>Step A9.</summary>
    public const string Token = "oauth.token";

    /// <summary>Steps B3 to B8: the way through the browser to a consent at a third party.</summary>
    public const string Consent = "consent.browser";

    /// <summary>A tool call as the user sees it, sign-in and step-up included.</summary>
    public const string CallTool = "mcp.client tools/call";

    /// <summary>The listing of tools, usually the first request of a run and therefore the one that signs in.</summary>
    public const string ListTools = "mcp.client tools/list";

    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// Starts the run's root span. It exists also when nobody listens, because its context is what goes out as
    /// <c>traceparent</c> and its trace id is printed.
    /// </summary>
    public static Activity StartRun(string command)
    {
        // Never below an activity that happens to be current: the run is a trace of its own.
        Activity.Current = null;
        var name = $"testclient {command}";
        return Source.StartActivity(name) ?? new Activity(name).SetIdFormat(ActivityIdFormat.W3C).Start();
    }
}
