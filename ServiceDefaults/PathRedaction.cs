using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace AspireGateway.ServiceDefaults;

/// <summary>
/// Takes random path segments out of the URLs of spans: such a segment opens something for whoever has it, like the link to a consent. The
/// instrumentation of HTTP redacts queries by itself.
/// </summary>
internal sealed partial class PathRedaction : BaseProcessor<Activity>
{
    private const string Hidden = "/*";
    private const int ShortestSegment = 40;

    private static readonly string[] Attributes = ["url.path", "url.full"];

    public override void OnEnd(Activity data)
    {
        foreach (var name in Attributes)
        {
            // The length first: three times in every call there is nothing to find in a short URL.
            if (data.GetTagItem(name) is string { Length: > ShortestSegment } url && RandomSegment().IsMatch(url))
            {
                data.SetTag(name, RandomSegment().Replace(url, Hidden));
            }
        }
    }

    // 240 bits and more in base64url; no name of anything is that long.
    [GeneratedRegex("/[A-Za-z0-9_-]{40,}", RegexOptions.NonBacktracking)]
    private static partial Regex RandomSegment();
}
