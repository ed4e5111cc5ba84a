using Yarp.ReverseProxy.Forwarder;

namespace AspireGateway.Bench;

/// <summary>YARP's forwarder and nothing else: what any proxy in .NET costs at least.</summary>
internal static class BareProxy
{
    public static async Task<int> RunAsync(string url, string target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.AddHttpForwarder();
        await using var app = builder.Build();

        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };
        using var invoker = new HttpMessageInvoker(handler);
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        app.MapPost("/{**path}", async context => await forwarder.SendAsync(context, target, invoker));
        await app.RunAsync();
        return 0;
    }
}
