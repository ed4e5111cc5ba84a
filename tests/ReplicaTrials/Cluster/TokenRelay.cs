using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.ReplicaTrials.Cluster;

/// <summary>
/// Stands in front of the third party's token endpoint, with a path for each replica, and writes the ledger. It also takes its
/// time before and after the third party answers, which is where a process that dies does most harm.
/// </summary>
internal sealed class TokenRelay(Func<Uri> endpoint, TokenLedger ledger) : IAsyncDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        }
    );

    private WebApplication? _app;
    private string _url = "";

    /// <summary>The longest pause before and after, in milliseconds.</summary>
    public int MaxPause { get; set; }

    /// <summary>Told of each request: the grant type, and who asks.</summary>
    public Action<string, Replica>? Arrived { get; set; }

    public string UrlFor(Replica replica) => $"{_url}/{replica.Index}/token";

    public async Task StartAsync(Func<int, Replica> replicas, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost(
            "/{replica:int}/token",
            (HttpContext context, int replica) => AnswerAsync(context, replicas(replica))
        );
        await _app.StartAsync(cancel);
        _url = _app.Urls.Single();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _http.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, Replica replica)
    {
        var receiver = replica.Now;
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var form = QueryHelpers.ParseQuery(body);
        Arrived?.Invoke(form["grant_type"].ToString(), replica);
        await PauseAsync();

        // A request that has left its process reaches the third party, whatever becomes of the process.
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint())
        {
            Content = new StringContent(body, Encoding.ASCII, "application/x-www-form-urlencoded"),
        };
        if (AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var authorization))
        {
            request.Headers.Authorization = authorization;
        }

        using var answer = await _http.SendAsync(request, CancellationToken.None);
        var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
        if (answer.IsSuccessStatusCode)
        {
            ledger.Issue(Read(form, JsonNode.Parse(text)!, receiver));
        }
        else if (form.ContainsKey("refresh_token"))
        {
            ledger.Refuse();
        }

        await PauseAsync();
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private IssuedTokens Read(
        Dictionary<string, Microsoft.Extensions.Primitives.StringValues> form,
        JsonNode answer,
        Incarnation receiver
    )
    {
        var isRefresh = form.TryGetValue("refresh_token", out var used);
        var person = isRefresh ? ledger.Find(used.ToString())?.Person : ledger.PersonOf(form["code"].ToString());
        return new IssuedTokens(
            person ?? throw new InvalidOperationException("Tokens for nobody that is known."),
            answer["access_token"]!.ToString(),
            answer["refresh_token"]!.ToString(),
            TimeProvider.System.GetUtcNow(),
            TimeSpan.FromSeconds(int.Parse(answer["expires_in"]!.ToString(), CultureInfo.InvariantCulture)),
            isRefresh,
            receiver
        );
    }

    private Task PauseAsync() =>
        MaxPause == 0 ? Task.CompletedTask : Task.Delay(RandomNumberGenerator.GetInt32(MaxPause));
}
