using System.Collections.Frozen;
using System.Security.Cryptography;

namespace AspireGateway.Dashboard.Assets;

/// <summary>Style, script and icon, taken from the assembly. Their URLs carry a hash of the content, so a browser may keep them.</summary>
internal static class EmbeddedAssets
{
    public const string Script = "dashboard.js";
    public const string Icon = "icon.svg";

    /// <summary>The style sheets, in the order in which they apply.</summary>
    public static readonly string[] Styles =
    [
        "frame.css",
        "tables.css",
        "resource.css",
        "sign-in.css",
        "traces.css",
        "logs.css",
        "metrics.css",
    ];

    private static readonly FrozenDictionary<string, Asset> All = Styles
        .Select(static style => Load(style, "text/css; charset=utf-8"))
        .Append(Load(Script, "text/javascript; charset=utf-8"))
        .Append(Load(Icon, "image/svg+xml"))
        .ToFrozenDictionary(static asset => asset.Name, StringComparer.Ordinal);

    /// <summary>Path of an asset.</summary>
    public static string Url(string name) => $"/assets/{name}?v={All[name].Version}";

    /// <summary>Maps the assets; they hold nothing secret, and the sign-in page needs them.</summary>
    public static void MapAssets(this WebApplication app) =>
        app.MapGet(
                "/assets/{name}",
                static (string name, HttpResponse response) =>
                {
                    if (!All.TryGetValue(name, out var asset))
                    {
                        return Results.NotFound();
                    }

                    response.Headers.CacheControl = "public, max-age=31536000, immutable";
                    return Results.Bytes(asset.Content, asset.ContentType);
                }
            )
            .AllowAnonymous();

    private static Asset Load(string name, string contentType)
    {
        using var stream = typeof(EmbeddedAssets).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new Asset(name, contentType, content, Convert.ToHexStringLower(SHA256.HashData(content))[..12]);
    }

    private sealed record Asset(string Name, string ContentType, byte[] Content, string Version);
}
