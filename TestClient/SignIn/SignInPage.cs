using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using AspireGateway.TestClient.Output;

namespace AspireGateway.TestClient.SignIn;

/// <summary>A page of an authorization server, as far as somebody who signs in needs to understand it.</summary>
internal sealed class SignInPage
{
    private const string AcceptButton = "accept";
    private const string ConnectButton = "connect";

    private readonly IHtmlFormElement? _form;

    private SignInPage(Uri url, IHtmlDocument document)
    {
        Url = url;
        Title = document.Title?.Trim() is { Length: > 0 } title ? title : "(no title)";
        Alert = document
            .QuerySelector("[role=alert], .error, .alert-error, [id^=input-error], .kc-feedback-text")
            ?.TextContent.Trim();
        Facts = ReadFacts(document);
        Refresh = ReadRefresh(url, document);
        _form =
            document.Forms.FirstOrDefault(IsLogin)
            ?? document.Forms.FirstOrDefault(static form => Button(form, ConnectButton) is not null)
            ?? document.Forms.FirstOrDefault(static form => Button(form, AcceptButton) is not null);
        Kind =
            _form is null ? PageKind.Unknown
            : IsLogin(_form) ? PageKind.Login
            : Button(_form, ConnectButton) is not null ? PageKind.Connect
            : PageKind.Consent;
    }

    /// <summary>Where it came from.</summary>
    public Uri Url { get; }

    /// <summary>Its title.</summary>
    public string Title { get; }

    /// <summary>An error that it shows.</summary>
    public string? Alert { get; }

    /// <summary>The error, as an addition to a sentence.</summary>
    public string Saying => Alert is { Length: > 0 } ? $" It says: {Printable.OneLine(Alert)}" : "";

    /// <summary>What it wants.</summary>
    public PageKind Kind { get; }

    /// <summary>The terms that it lists with what belongs to them, in one line; empty when it lists none.</summary>
    public string Facts { get; }

    /// <summary>Where it sends the browser by itself; some servers do so instead of redirecting.</summary>
    public Uri? Refresh { get; }

    /// <summary>Whether there is a password to enter; some pages ask for the user name first.</summary>
    public bool AsksForPassword => _form?.QuerySelector("input[type=password]") is not null;

    /// <summary>Reads a page.</summary>
    public static SignInPage Read(Uri url, string html) => new(url, new HtmlParser().ParseDocument(html));

    /// <summary>Fills the login form. A page that asks for the user name alone gets that alone.</summary>
    public FormSubmission SignIn(string user, string password) =>
        Submission(field =>
            field switch
            {
                { Type: "password" } => password,
                { Name: "username" or "email" or "identifier" or "login" } => user,
                _ => null,
            }
        );

    /// <summary>Presses the button that allows the access.</summary>
    public FormSubmission Consent() => Press(AcceptButton);

    /// <summary>Presses the button that goes on to the third party.</summary>
    public FormSubmission Connect() => Press(ConnectButton);

    private FormSubmission Press(string name) =>
        Submission(static _ => null) with
        {
            Button = new(name, Button(_form!, name)!.GetAttribute("value") ?? ""),
        };

    private FormSubmission Submission(Func<IHtmlInputElement, string?> fill)
    {
        var fields = _form!
            .QuerySelectorAll("input")
            .OfType<IHtmlInputElement>()
            .Where(static input => !string.IsNullOrEmpty(input.Name) && IsSent(input))
            .Select(input => KeyValuePair.Create(input.Name!, fill(input) ?? input.Value));
        var action = _form.GetAttribute("action");
        return new(new Uri(Url, string.IsNullOrEmpty(action) ? Url.AbsoluteUri : action), [.. fields]);
    }

    private static bool IsSent(IHtmlInputElement input) =>
        input.Type switch
        {
            "submit" or "button" or "image" or "reset" or "file" => false,
            "checkbox" or "radio" => input.IsChecked,
            _ => !input.IsDisabled,
        };

    private static bool IsLogin(IHtmlFormElement form) =>
        form.QuerySelector("input[type=password], input[name=username]:not([type=hidden])") is not null;

    private static IElement? Button(IHtmlFormElement form, string name) =>
        form.QuerySelector($"input[type=submit][name={name}], button[name={name}]");

    private static string ReadFacts(IHtmlDocument document) =>
        string.Join(
            " · ",
            document
                .QuerySelectorAll("dt")
                .Select(static term =>
                    $"{term.TextContent.Trim()}: {string.Join(' ', Details(term).SelectMany(Items))}"
                )
        );

    private static IEnumerable<string> Items(IElement detail)
    {
        var items = detail.QuerySelectorAll("li");
        return (items.Length == 0 ? [detail] : items.AsEnumerable()).Select(static item => item.TextContent.Trim());
    }

    private static IEnumerable<IElement> Details(IElement term)
    {
        for (var next = term.NextElementSibling; next?.LocalName is "dd"; next = next.NextElementSibling)
        {
            yield return next;
        }
    }

    // <meta http-equiv="refresh" content="0; url=…">
    private static Uri? ReadRefresh(Uri url, IHtmlDocument document)
    {
        var content = document.QuerySelector("meta[http-equiv=refresh i]")?.GetAttribute("content");
        return
            content?.Split(';', 2) is [_, var target]
            && target.Trim().StartsWith("url=", StringComparison.OrdinalIgnoreCase)
            && Uri.TryCreate(url, target.Trim()[4..].Trim('\'', '"'), out var next)
            && next.Scheme is "http" or "https"
            ? next
            : null;
    }
}

/// <summary>What a page wants.</summary>
internal enum PageKind
{
    /// <summary>Something that the scripted browser has not learned.</summary>
    Unknown,

    /// <summary>User name, password, or both.</summary>
    Login,

    /// <summary>Permission for the client.</summary>
    Consent,

    /// <summary>The word to go on to a third party (step B5).</summary>
    Connect,
}

/// <summary>A filled form on its way to the server.</summary>
/// <param name="Action">Where it goes.</param>
/// <param name="Fields">What it says.</param>
internal sealed record FormSubmission(Uri Action, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    /// <summary>The button that sent it.</summary>
    public KeyValuePair<string, string>? Button { get; init; }

    /// <summary>The body of the request.</summary>
    public FormUrlEncodedContent ToContent() => new(Button is { } button ? Fields.Append(button) : Fields);

    // Fields hold a password.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Action = ").Append(Action.GetLeftPart(UriPartial.Path));
        return true;
    }
}
