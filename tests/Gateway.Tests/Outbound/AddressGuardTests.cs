using System.Net;
using System.Net.Sockets;
using AspireGateway.Gateway.Outbound.Http;
using AspireGateway.ServiceDefaults;
using CsCheck;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What an outsider names as an address does not lead into the operator's own network.</summary>
public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("http://example.com/", "Production")]
    [InlineData("http://localhost/", "Production")]
    [InlineData("http://example.com/", "Development")]
    [InlineData("http://10.0.0.1/", "Development")]
    [InlineData("https://user:password@example.com/", "Production")]
    [InlineData("https://example.com/#fragment", "Production")]
    [InlineData("ftp://example.com/", "Production")]
    [InlineData("file:///etc/passwd", "Development")]
    [InlineData("javascript:alert(1)", "Development")]
    [InlineData("data:text/plain,x", "Development")]
    public void An_unacceptable_url_is_never_asked(string url, string environment) =>
        AddressGuards.Of(environment).Problem(new Uri(url)).ShouldNotBeNull();

    [Theory]
    [InlineData("https://example.com/path?query=1", "Production")]
    [InlineData("https://example.com:8443/", "Production")]
    [InlineData("http://localhost:5000/", "Development")]
    [InlineData("http://127.0.0.1/", "Development")]
    public void An_acceptable_one_is(string url, string environment) =>
        AddressGuards.Of(environment).Problem(new Uri(url)).ShouldBeNull();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    public async Task In_production_no_spelling_of_this_machine_gets_a_connection(string host)
    {
        using var sink = new ConnectionSink();
        using var client = new HttpClient(new OutboundHttp(AddressGuards.Of("Production")).CreateHandler());

        await Should.ThrowAsync<HttpRequestException>(
            client.GetAsync(new Uri($"https://{host}:{sink.Port}/"), TestContext.Current.CancellationToken)
        );

        sink.Count.ShouldBe(0);
    }

    [Fact]
    public async Task What_the_operator_configured_gets_one()
    {
        using var sink = new ConnectionSink();
        using var client = new HttpClient(
            new OutboundHttp(AddressGuards.Of("Production", $"https://127.0.0.1:{sink.Port}/mcp")).CreateHandler()
        );

        await Should.ThrowAsync<HttpRequestException>(
            client.GetAsync(new Uri($"https://127.0.0.1:{sink.Port}/"), TestContext.Current.CancellationToken)
        );

        sink.Count.ShouldBe(1);
    }

    [Fact]
    public void An_ipv4_address_is_judged_alike_in_every_form_that_contains_it() =>
        Gen
            .Byte.Array[4]
            .Sample(
                static bytes =>
                {
                    var plain = new IPAddress(bytes);
                    var mapped = plain.MapToIPv6();
                    // NAT64 and 6to4 lead to the IPv4 address behind them; neither is public, whatever it is.
                    var nat64 = new IPAddress([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. bytes]);
                    var sixToFour = new IPAddress([0x20, 0x02, .. bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
                    return PublicAddress.Is(plain) == PublicAddress.Is(mapped)
                        && !PublicAddress.Is(nat64)
                        && !PublicAddress.Is(sixToFour);
                },
                iter: 20_000
            );

    [Fact]
    public void Whatever_may_be_asked_has_https_or_stays_on_this_machine_in_development() =>
        Gen.Select(
                Gen.OneOf("https", "HTTPS", "http", "ftp", "file", "ws", "gopher", "javascript"),
                Gen.OneOf("", "user@", "user:word@", "@", ":@"),
                Gen.OneOf("example.com", "localhost", "127.0.0.1", "[::1]", "10.0.0.1", "2130706433", "known.test"),
                Gen.OneOf("", ":80", ":443", ":8080"),
                Gen.OneOf("", "/", "/a?b=c", "/a#b", "/?a=@b#", "\\@example.com"),
                Gen.Bool
            )
            .Sample(
                static (scheme, user, host, port, path, isDevelopment) =>
                {
                    if (!Uri.TryCreate($"{scheme}://{user}{host}{port}{path}", UriKind.Absolute, out var url))
                    {
                        return true;
                    }

                    var guard = AddressGuards.Of(
                        isDevelopment ? "Development" : "Production",
                        "http://known.test:8080/mcp"
                    );
                    var isClean = url is { UserInfo: "", Fragment: "" };
                    var isLocal = url.IsLoopback || url is { Host: "known.test", Port: 8080 };
                    var isGood =
                        isClean && (url.Scheme == "https" || (isDevelopment && url.Scheme == "http" && isLocal));
                    return (guard.Problem(url) is null) == isGood;
                },
                iter: 20_000
            );

    /// <summary>Counts connections and says nothing.</summary>
    private sealed class ConnectionSink : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.IPv6Any, 0);
        private int _count;

        public ConnectionSink()
        {
            _listener.Server.DualMode = true;
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Count => Volatile.Read(ref _count);

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref _count);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
