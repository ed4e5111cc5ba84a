using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace AspireGateway.TestKit;

/// <summary>One answer, as the browser sees it.</summary>
public sealed class BrowserPage
{
    internal BrowserPage(Uri url, HttpResponseMessage response, string body, IDocument document)
    {
        Url = url;
        Status = response.StatusCode;
        Headers = response.Headers;
        Body = body;
        Document = document;
        Location = response.Headers.Location is { } location ? new Uri(url, location) : null;
    }

    /// <summary>Where the answer came from.</summary>
    public Uri Url { get; }

    /// <summary>Its status code.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>Its headers.</summary>
    public HttpResponseHeaders Headers { get; }

    /// <summary>Its text.</summary>
    public string Body { get; }

    /// <summary>The parsed page.</summary>
    public IDocument Document { get; }

    /// <summary>Where a redirect leads to; null where the answer is none.</summary>
    public Uri? Location { get; }

    /// <summary>What a person reads, for messages of failed tests.</summary>
    public string Text => Document.Body?.TextContent ?? "";

    /// <summary>The form that holds a control of that name, or null.</summary>
    public IHtmlFormElement? FindForm(string controlName) =>
        Document.Forms.FirstOrDefault(form =>
            form.Elements.Any(element => element.GetAttribute("name") == controlName)
        );

    /// <summary>Why the page's policy forbids a form's answer to lead there, or null where it is allowed.</summary>
    internal string? ForbidsFormTarget(Uri target)
    {
        var sources = Headers
            .NonValidated.Where(static header => header.Key == "Content-Security-Policy")
            .SelectMany(static header => header.Value)
            .SelectMany(static policy => policy.Split(';', StringSplitOptions.TrimEntries))
            .FirstOrDefault(static directive => directive.StartsWith("form-action ", StringComparison.Ordinal))
            ?.Split(' ')[1..];
        var origin = target.GetLeftPart(UriPartial.Authority);
        var allowed =
            sources is null
            || sources.Contains(origin, StringComparer.Ordinal)
            || sources.Contains(target.Scheme + ":", StringComparer.Ordinal)
            || (sources.Contains("'self'", StringComparer.Ordinal) && origin == Url.GetLeftPart(UriPartial.Authority));
        return allowed ? null : $"The policy of {Url.AbsolutePath} does not let a form lead to {origin}.";
    }
}
