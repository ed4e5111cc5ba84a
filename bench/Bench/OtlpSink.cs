namespace AspireGateway.Bench;

/// <summary>Receives telemetry over OTLP and throws it away, so that nothing but the sender's cost is measured.</summary>
internal static class OtlpSink
{
    public static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        app.MapPost("/v1/{signal}", TakeAsync);
        await app.RunAsync();
        return 0;
    }

    private static async Task TakeAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        // An empty message: everything was taken.
        context.Response.ContentType = "application/x-protobuf";
        context.Response.ContentLength = 0;
    }
}
