using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.TestKit;

/// <summary>Serves whatever a test wants to be fetched, by path; everything else is 404.</summary>
public sealed class DocumentServer : LoopbackServer
{
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new(StringComparer.Ordinal);

    /// <summary>Starts an empty server.</summary>
    public static async Task<DocumentServer> StartNewAsync()
    {
        var server = new DocumentServer();
        await server.StartAsync();
        return server;
    }

    /// <summary>The URL of a path.</summary>
    public string UrlOf(string path) => BaseUrl + path;

    /// <summary>Answers a path.</summary>
    public void Serve(string path, RequestDelegate answer) => _answers[path] = answer;

    /// <summary>Answers a path with a text.</summary>
    public void Serve(string path, string content, string contentType = "application/json") =>
        Serve(
            path,
            http =>
            {
                http.Response.ContentType = contentType;
                return http.Response.WriteAsync(content, http.RequestAborted);
            }
        );

    /// <inheritdoc />
    protected override Task AnswerAsync(HttpContext context, RecordedRequest request)
    {
        if (_answers.TryGetValue(context.Request.Path, out var answer))
        {
            return answer(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
