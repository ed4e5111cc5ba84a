using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using AspireGateway.Dashboard.Telemetry;
using AspireGateway.Dashboard.Telemetry.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace AspireGateway.Dashboard.Tests;

/// <summary>What is wrong with a delivery is said in the way of its transport, and the next good one is taken.</summary>
public sealed class OtlpRefusalTests
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/traces")]
    [InlineData("/v1/metrics")]
    [InlineData("/v1/logs")]
    public async Task Over_HTTP_a_missing_or_wrong_key_is_401_and_the_right_one_200(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        foreach (var key in new[] { null, "", "wrong", RunningDashboard.LoginToken })
        {
            using var refused = await PostAsync(dashboard, Valid(path), path, key);
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        using var taken = await PostAsync(dashboard, Valid(path), path);
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        taken.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-protobuf");
    }

    [Fact]
    public async Task The_cookie_of_a_person_does_not_deliver_telemetry_and_the_key_does_not_open_pages()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        using var refused = await PostAsync(dashboard, Valid("/v1/traces"), key: null);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var stranger = dashboard.NewClient();
        stranger.DefaultRequestHeaders.Add("x-otlp-api-key", RunningDashboard.OtlpApiKey);
        using var page = await stranger.GetAsync("/", Cancellation);
        page.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("a length beyond the end")]
    [InlineData("an end in the middle")]
    [InlineData("JSON")]
    [InlineData("too deep")]
    public async Task A_malformed_message_is_refused_over_both_transports_and_the_next_one_is_taken(string defect)
    {
        var message = defect switch
        {
            "a length beyond the end" => new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F },
            "an end in the middle" => Valid("/v1/traces")[..^1],
            "JSON" => "{\"resourceSpans\":[]}"u8.ToArray(),
            _ => Nested(200),
        };
        await using var dashboard = await RunningDashboard.StartSignedInAsync();

        using var refused = await PostAsync(dashboard, message);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = ErrorStatus.Parser.ParseFrom(await refused.Content.ReadAsByteArrayAsync(Cancellation));
        error.Message.ShouldNotBeEmpty();
        (await ExportAsync(dashboard, message)).ShouldBe(StatusCode.InvalidArgument);

        using var taken = await PostAsync(dashboard, Valid("/v1/traces"));
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ExportAsync(dashboard, Valid("/v1/traces"))).ShouldBe(StatusCode.OK);
        var page = await dashboard.GetPageAsync("/");
        page.QuerySelector(".others tbody td")!.TextContent.ShouldBe("2");
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_over_both_transports()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var large = LargeMessage(OtlpMessages.MaximumBytes + 1024);

        using var refused = await PostAsync(dashboard, large);
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await ExportAsync(dashboard, large)).ShouldBe(StatusCode.ResourceExhausted);

        var fitting = LargeMessage(OtlpMessages.MaximumBytes - 1024);
        using var taken = await PostAsync(dashboard, fitting);
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ExportAsync(dashboard, fitting)).ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task Gzip_is_understood_and_what_grows_too_large_in_it_is_refused()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();

        using var taken = await PostAsync(dashboard, Gzip(Valid("/v1/traces")), encoding: "gzip");
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var bomb = await PostAsync(dashboard, Gzip(LargeMessage(16 * 1024 * 1024)), encoding: "gzip");
        bomb.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

        using var lie = await PostAsync(dashboard, Valid("/v1/traces"), encoding: "gzip");
        lie.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        using var unknown = await PostAsync(dashboard, Valid("/v1/traces"), encoding: "zstd");
        unknown.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task JSON_is_refused_with_a_word_about_what_to_send()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();

        using var refused = await PostAsync(dashboard, "{}"u8.ToArray(), contentType: "application/json");

        refused.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        ErrorStatus
            .Parser.ParseFrom(await refused.Content.ReadAsByteArrayAsync(Cancellation))
            .Message.ShouldContain("http/protobuf");
    }

    [Fact]
    public async Task Over_gRPC_a_missing_or_wrong_key_is_UNAUTHENTICATED()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        foreach (var key in new[] { null, "wrong", RunningDashboard.LoginToken })
        {
            (await ExportAsync(dashboard, Valid("/v1/traces"), key)).ShouldBe(StatusCode.Unauthenticated);
        }

        (await ExportAsync(dashboard, Valid("/v1/traces"))).ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task Names_of_services_are_bounded_in_number_and_length()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var request = new ExportTraceRequest();
        for (var i = 0; i < TelemetryStore.MaximumServices + 50; i++)
        {
            request.ResourceSpans.Add(SpanOf($"{i:000}{new string('x', 500)}"));
        }
        request.ResourceSpans.Add(new ResourceSpans { ScopeSpans = { new ScopeSpans { Spans = { new Span() } } } });

        using var taken = await PostAsync(dashboard, request.ToByteArray());
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);

        var page = await dashboard.GetPageAsync("/");
        var names = page.QuerySelectorAll(".others tbody th");
        names.Length.ShouldBe(TelemetryStore.MaximumServices + 1);
        names.ShouldAllBe(static name => name.TextContent.Length <= 120);
        var others = names.Single(static name => name.TextContent == TelemetryStore.OtherServices);
        others.NextElementSibling!.TextContent.ShouldBe("51");
    }

    private static byte[] Valid(string path) =>
        path switch
        {
            "/v1/traces" => new ExportTraceRequest { ResourceSpans = { SpanOf("weather") } }.ToByteArray(),
            "/v1/metrics" => new ExportMetricsRequest().ToByteArray(),
            _ => new ExportLogsRequest().ToByteArray(),
        };

    private static ResourceSpans SpanOf(string service) =>
        new()
        {
            Resource = new Resource
            {
                Attributes =
                {
                    new KeyValue
                    {
                        Key = "service.name",
                        Value = new AnyValue { StringValue = service },
                    },
                },
            },
            ScopeSpans = { new ScopeSpans { Spans = { new Span { Name = "a" } } } },
        };

    private static byte[] LargeMessage(int length)
    {
        var request = new ExportTraceRequest { ResourceSpans = { SpanOf("weather") } };
        request.ResourceSpans[0].ScopeSpans[0].Spans[0].Name = new string('x', length - request.CalculateSize() - 16);
        return request.ToByteArray();
    }

    /// <summary>An attribute value so deep that a careless parser runs out of stack.</summary>
    private static byte[] Nested(int depth)
    {
        var value = new AnyValue { StringValue = "deep" };
        for (var i = 0; i < depth; i++)
        {
            value = new AnyValue { ArrayValue = new ArrayValue { Values = { value } } };
        }

        var request = new ExportTraceRequest { ResourceSpans = { SpanOf("weather") } };
        request.ResourceSpans[0].Resource.Attributes.Add(new KeyValue { Key = "deep", Value = value });
        return request.ToByteArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return target.ToArray();
    }

    private static async Task<HttpResponseMessage> PostAsync(
        RunningDashboard dashboard,
        byte[] body,
        string path = "/v1/traces",
        string? key = RunningDashboard.OtlpApiKey,
        string contentType = "application/x-protobuf",
        string? encoding = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(dashboard.OtlpHttpUrl, path));
        // Ask before sending: a server that refuses a large body closes the connection while it is still being sent.
        request.Headers.ExpectContinue = true;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }
        if (key is not null)
        {
            request.Headers.Add("x-otlp-api-key", key);
        }
        return await dashboard.Client.SendAsync(request, Cancellation);
    }

    private static async Task<StatusCode> ExportAsync(
        RunningDashboard dashboard,
        byte[] message,
        string? key = RunningDashboard.OtlpApiKey
    )
    {
        using var channel = GrpcChannel.ForAddress(
            dashboard.OtlpGrpcUrl,
            new GrpcChannelOptions { MaxSendMessageSize = null }
        );
        var method = new Method<byte[], byte[]>(
            MethodType.Unary,
            "opentelemetry.proto.collector.trace.v1.TraceService",
            "Export",
            Raw,
            Raw
        );
        var headers = new Metadata();
        if (key is not null)
        {
            headers.Add("x-otlp-api-key", key);
        }

        try
        {
            using var call = channel
                .CreateCallInvoker()
                .AsyncUnaryCall(method, null, new CallOptions(headers, cancellationToken: Cancellation), message);
            await call.ResponseAsync;
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
