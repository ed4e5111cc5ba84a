using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AspireGateway.TestClient.Tests.Fakes;

/// <summary>One request that the fake server has seen.</summary>
internal sealed record Seen(string Method, string Path, string? Authorization, string? TraceParent, string? Cookie)
{
    public IReadOnlyDictionary<string, StringValues> Query { get; init; } =
        new Dictionary<string, StringValues>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, StringValues> Form { get; init; } =
        new Dictionary<string, StringValues>(StringComparer.Ordinal);

    public string Body { get; init; } = "";

    public static async Task<Seen> OfAsync(HttpRequest request)
    {
        request.EnableBuffering();
        var form = request.HasFormContentType ? await request.ReadFormAsync() : null;
        request.Body.Position = 0;
        var body = form is null ? await new StreamReader(request.Body, leaveOpen: true).ReadToEndAsync() : "";
        request.Body.Position = 0;
        return new(
            request.Method,
            request.Path,
            request.Headers.Authorization.FirstOrDefault(),
            request.Headers.TraceParent.FirstOrDefault(),
            request.Headers.Cookie.FirstOrDefault()
        )
        {
            Query = request.Query.ToDictionary(StringComparer.Ordinal),
            Form = form?.ToDictionary(StringComparer.Ordinal) ?? [],
            Body = body,
        };
    }
}
