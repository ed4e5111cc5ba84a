using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace AspireGateway.Gateway.Tests.Hosting;

/// <summary>An answer that is read while it is still being sent.</summary>
internal sealed class OpenStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;
    private readonly CancellationTokenSource _patience;

    private OpenStream(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _reader = new StreamReader(stream, Encoding.UTF8);
        _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _patience.CancelAfter(Patience);
    }

    public HttpStatusCode Status => _response.StatusCode;

    public HttpResponseHeaders Headers => _response.Headers;

    public string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    /// <summary>Sends a request and comes back with the headers of its answer.</summary>
    public static async Task<OpenStream> OpenAsync(HttpClient client, HttpRequestMessage request)
    {
        var response = await client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        return new OpenStream(
            response,
            await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)
        );
    }

    /// <summary>Reads one event as it stands, with the empty line behind it; empty at the end of the stream.</summary>
    public async Task<string> ReadEventAsync()
    {
        var text = new StringBuilder();
        while (await _reader.ReadLineAsync(_patience.Token) is { } line)
        {
            text.Append(line).Append('\n');
            if (line.Length == 0)
            {
                break;
            }
        }

        return text.ToString();
    }

    public Task<string> ReadToEndAsync() => _reader.ReadToEndAsync(_patience.Token);

    /// <summary>Leaves.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
        _patience.Dispose();
    }
}
