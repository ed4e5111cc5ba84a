using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Http;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>The network as the OAuth client sees it, without one: answers by URL, and remembers what was asked. What it does not know is 404.</summary>
internal sealed class FakeWeb : HttpMessageHandler, IHttpClientFactory
{
    private readonly ConcurrentDictionary<
        string,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>
    > _answers = new(StringComparer.Ordinal);

    private readonly ConcurrentQueue<(HttpRequestMessage Message, string Body)> _requests = new();

    /// <summary>As the gateway asks in production: https only.</summary>
    public JsonDocuments Documents => new(this, Guard);

    public static OutboundHttp Guard => new(AddressGuards.Of("Production"));

    public IReadOnlyList<(HttpRequestMessage Message, string Body)> Requests => [.. _requests];

    /// <summary>The URLs that were read, in their order.</summary>
    public IEnumerable<string> Read =>
        Requests
            .Where(static request => request.Message.Method == HttpMethod.Get)
            .Select(static request => request.Message.RequestUri!.AbsoluteUri);

    public void Answer(string url, JsonNode body, int status = 200) => Answer(url, body.ToJsonString(), status);

    public void Answer(string url, string body, int status = 200, params (string Name, string Value)[] headers) =>
        Answer(
            url,
            (_, _) =>
            {
                var response = new HttpResponseMessage((HttpStatusCode)status)
                {
                    Content = new StringContent(body, Encoding.UTF8, "application/json"),
                };
                foreach (var (name, value) in headers)
                {
                    response.Headers.Add(name, value);
                }

                return Task.FromResult(response);
            }
        );

    public void Answer(string url, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) =>
        _answers[url] = answer;

    public void Forget(string url) => _answers.TryRemove(url, out _);

    public HttpClient CreateClient(string name)
    {
        name.ShouldBe(OutboundHttp.ClientName);
        return new HttpClient(this, disposeHandler: false);
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        _requests.Enqueue((request, body));
        return _answers.TryGetValue(request.RequestUri!.AbsoluteUri, out var answer)
            ? await answer(request, cancellationToken)
            : new HttpResponseMessage(HttpStatusCode.NotFound);
    }
}
