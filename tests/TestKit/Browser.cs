using AngleSharp;
using AngleSharp.Html.Dom;
using AngleSharp.Io;
using HttpMethod = System.Net.Http.HttpMethod;

namespace AspireGateway.TestKit;

/// <summary>
/// A browser without scripts and pictures: cookies, forms, redirects one step at a time, and the one part of the content
/// security policy that breaks OAuth flows, <c>form-action</c>.
/// </summary>
public sealed class Browser : IDisposable
{
    private const int MaxRedirects = 20;

    private readonly HttpClient _http;

    /// <summary>A browser with an empty cookie jar.</summary>
    /// <param name="handler">What carries the requests; by default real HTTP.</param>
    public Browser(HttpMessageHandler? handler = null) =>
        _http = new HttpClient(
            handler
                ?? new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    UseProxy = false,
                }
        );

    /// <summary>This browser's cookies.</summary>
    public CookieJar Cookies { get; } = new();

    /// <summary>Every URL that was requested, without its query, in order.</summary>
    public IList<Uri> History { get; } = [];

    /// <summary>One request; a redirect is not followed.</summary>
    public Task<BrowserPage> GetAsync(Uri url, CancellationToken cancellationToken = default) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, url), cancellationToken);

    /// <summary>
    /// Opens a URL and follows redirects. A redirect to <paramref name="stopAt"/> is not followed but returned: this is how a
    /// test takes the place of the program that listens there.
    /// </summary>
    public async Task<BrowserPage> OpenAsync(
        Uri url,
        Uri? stopAt = null,
        CancellationToken cancellationToken = default
    ) => await FollowAsync(await GetAsync(url, cancellationToken), stopAt, submitted: null, cancellationToken);

    /// <summary>Fills in and submits a form, and follows redirects as <see cref="OpenAsync"/> does.</summary>
    /// <param name="page">The page with the form.</param>
    /// <param name="button">Name of the button to press, or of any control where the form has one button.</param>
    /// <param name="values">Values by the names of their controls.</param>
    /// <param name="stopAt">The redirect that is returned instead of followed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<BrowserPage> SubmitAsync(
        BrowserPage page,
        string button,
        IReadOnlyDictionary<string, string>? values = null,
        Uri? stopAt = null,
        CancellationToken cancellationToken = default
    )
    {
        var form =
            page.FindForm(button)
            ?? throw new InvalidOperationException($"No form with '{button}' on {page.Url.AbsolutePath}: {page.Text}");
        foreach (var (name, value) in values ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            var input = form.Elements.OfType<IHtmlInputElement>().FirstOrDefault(input => input.Name == name);
            (input ?? throw new InvalidOperationException($"The form has no input '{name}'.")).Value = value;
        }

        var answer = await SendAsync(Submission(page, form, button), cancellationToken);
        return await FollowAsync(answer, stopAt, page, cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<BrowserPage> FollowAsync(
        BrowserPage page,
        Uri? stopAt,
        BrowserPage? submitted,
        CancellationToken cancellationToken
    )
    {
        for (var step = 0; step < MaxRedirects; step++)
        {
            if (page.Location is not { } target)
            {
                return page;
            }

            if (submitted?.ForbidsFormTarget(target) is { } reason)
            {
                throw new InvalidOperationException(reason);
            }

            if (stopAt is not null && target.GetLeftPart(UriPartial.Path) == stopAt.GetLeftPart(UriPartial.Path))
            {
                return page;
            }

            page = await GetAsync(target, cancellationToken);
        }

        throw new InvalidOperationException($"More than {MaxRedirects} redirects, the last one to {page.Location}.");
    }

    private static HttpRequestMessage Submission(BrowserPage page, IHtmlFormElement form, string button)
    {
        var submitter = form
            .Elements.OfType<IHtmlElement>()
            .FirstOrDefault(element =>
                element.GetAttribute("name") == button
                && element is IHtmlButtonElement or IHtmlInputElement { Type: "submit" }
            );
        var submission = submitter is null ? form.GetSubmission() : form.GetSubmission(submitter);
        var request = submission ?? throw new InvalidOperationException("The form cannot be submitted.");
        var target = new Uri(request.Target.Href);
        if (page.ForbidsFormTarget(target) is { } reason)
        {
            throw new InvalidOperationException(reason);
        }

        var message = new HttpRequestMessage(HttpMethod.Get, target);
        if (request.Method == AngleSharp.Io.HttpMethod.Post)
        {
            message.Method = HttpMethod.Post;
            message.Content = new StreamContent(request.Body);
            message.Content.Headers.TryAddWithoutValidation(HeaderNames.ContentType, request.MimeType);
        }

        return message;
    }

    private async Task<BrowserPage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            var url = request.RequestUri!;
            History.Add(new Uri(url.GetLeftPart(UriPartial.Path)));
            request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
            if (Cookies.HeaderFor(url) is { } cookies)
            {
                request.Headers.TryAddWithoutValidation("Cookie", cookies);
            }

            using var response = await _http.SendAsync(request, cancellationToken);
            Cookies.Store(url, response.Headers);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            // A context of its own, which lives as long as the page does.
            var document = await BrowsingContext
                .New(Configuration.Default)
                .OpenAsync(content => content.Content(body).Address(url.AbsoluteUri), cancellationToken);
            return new BrowserPage(url, response, body, document);
        }
    }
}
