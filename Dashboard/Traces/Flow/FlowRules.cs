using static AspireGateway.Dashboard.Traces.Flow.Participant;

namespace AspireGateway.Dashboard.Traces.Flow;

/// <summary>One line of the table: an HTTP exchange that looks like this is that step.</summary>
/// <param name="Step">Number in <c>docs/auth-flow.md</c>.</param>
/// <param name="From">Who asks.</param>
/// <param name="To">Who is asked.</param>
/// <param name="Path">Part of the path; a caret binds it to the beginning, a dollar to the end.</param>
/// <param name="Label">Words for the arrow; <c>{mcp}</c> is the MCP method and tool.</param>
internal sealed record FlowRule(string Step, Participant From, Participant To, string Path, string Label)
{
    public string? Method { get; init; }

    public string? Status { get; init; }

    /// <summary>Name of a span that is around the exchange.</summary>
    public string? Within { get; init; }

    /// <summary>Names of spans that are inside of the exchange; a leading exclamation mark: that are not.</summary>
    public string[] Holds { get; init; } = [];

    /// <summary>Only for the first call after a consent.</summary>
    public bool AfterConsent { get; init; }

    public string? AnswerStep { get; init; }

    public string AnswerLabel { get; init; } = "";
}

/// <summary>
/// How spans become the arrows of <c>docs/auth-flow.md</c>. The tables are read from top to bottom and the first line that
/// fits counts; what fits none is not part of the diagram and still in the waterfall.
/// </summary>
internal static class FlowRules
{
    private const string Authorize = "oauth.authorize";
    private const string Browse = "consent.browser";

    /// <summary>Resources by their name; others are targets. A server with several realms is told apart by the path.</summary>
    public static readonly (string Resource, string Path, Participant Participant)[] Resources =
    [
        ("testclient", "", Client),
        ("gateway", "", Gateway),
        ("corp", "", IdentityProvider),
        ("partner", "", ThirdParty),
        ("keycloak", "^/realms/partner", ThirdParty),
        ("keycloak", "", IdentityProvider),
    ];

    /// <summary>Who is asked when the answering side sent no spans, by the path of the request.</summary>
    public static readonly (Participant From, string Path, Participant To)[] Silent =
    [
        (Client, "^/realms/", IdentityProvider),
        (Client, "/mcp", Gateway),
        (Client, "/oauth-protected-resource", Gateway),
        (Client, "", IdentityProvider),
        (Browser, "^/connect/", Gateway),
        (Browser, "^/signin/", Gateway),
        (Browser, "^/callback", Client),
        (Browser, "^/realms/partner", ThirdParty),
        (Browser, "^/realms/", IdentityProvider),
        (Browser, "", ThirdParty),
        (Gateway, "^/realms/partner", ThirdParty),
        (Gateway, "^/realms/", IdentityProvider),
        (Gateway, "/mcp", Target),
        (Gateway, "", ThirdParty),
        (Target, "", ThirdParty),
    ];

    public static readonly FlowRule[] Exchanges =
    [
        new("A3", Client, Gateway, "/oauth-protected-resource", "resource metadata"),
        new("B1", Client, Gateway, "^/mcp", "{mcp}")
        {
            Holds = ["consent.required"],
            AnswerStep = "B2",
            AnswerLabel = "link: consent needed",
        },
        new("A1", Client, Gateway, "^/mcp", "no token: {mcp}")
        {
            Holds = ["inbound.challenge", "!inbound.authenticate"],
            AnswerStep = "A2",
            AnswerLabel = "challenge: sign in",
        },
        new("A10", Client, Gateway, "^/mcp", "{mcp}")
        {
            Holds = ["inbound.challenge"],
            AnswerStep = "A2",
            AnswerLabel = "refused",
        },
        new("B9", Client, Gateway, "^/mcp", "again: {mcp}")
        {
            AfterConsent = true,
            Holds = ["target.call"],
            AnswerStep = "B10",
            AnswerLabel = "result",
        },
        new("A10", Client, Gateway, "^/mcp", "{mcp}") { AnswerStep = "A11", AnswerLabel = "result" },
        new("A4", Client, IdentityProvider, "/.well-known/", "server metadata"),
        new("A5", Client, IdentityProvider, "regist", "register the client") { Method = "POST" },
        new("A9", Client, IdentityProvider, "/token$", "code, verifier → access token") { Method = "POST" },
        new("B4", Browser, IdentityProvider, "/login-actions/", "the person signs in") { Within = Browse },
        new("B4", Browser, IdentityProvider, "", "sign in at the gateway") { Within = Browse },
        new("A7", Browser, IdentityProvider, "/login-actions/", "the person signs in"),
        new("A7", Browser, IdentityProvider, "/auth$", "the person consents") { Method = "POST" },
        new("A7", Browser, IdentityProvider, "/auth$", "authorization request"),
        new("B8", Browser, Gateway, "^/connect/callback/", "redirect: code, state, iss"),
        new("B4", Browser, Gateway, "^/signin/", "back to the gateway"),
        new("B6", Browser, Gateway, "^/connect/", "go on") { Method = "POST" },
        new("B3", Browser, Gateway, "^/connect/", "open the link") { Status = "302" },
        new("B5", Browser, Gateway, "^/connect/", "page: you, agent, server"),
        new("B7", Browser, ThirdParty, "/login-actions/", "the person signs in"),
        new("B7", Browser, ThirdParty, "/auth$", "the person consents") { Method = "POST" },
        new("B7", Browser, ThirdParty, "", "authorization request"),
        new("B4", Gateway, IdentityProvider, "/token$", "code → ID token") { Method = "POST" },
        new("", Gateway, IdentityProvider, "", "metadata and keys"),
        new("B8", Gateway, ThirdParty, "/token$", "code, verifier → tokens")
        {
            Method = "POST",
            Within = "consent.callback",
        },
        new("", Gateway, ThirdParty, "/token$", "refresh → new tokens") { Method = "POST" },
        new("", Gateway, ThirdParty, "regist", "register the gateway") { Method = "POST" },
        new("", Gateway, ThirdParty, "", "server metadata"),
        new("", Gateway, Target, "/oauth-protected-resource", "resource metadata"),
        new("", Gateway, Target, "", "no token: where to sign in?") { Within = "oauth.discover" },
        new("", Gateway, Target, "", "{mcp}"),
        new("", Target, IdentityProvider, "", "metadata and keys"),
        new("", Target, ThirdParty, "", "metadata and keys"),
    ];

    /// <summary>
    /// Spans that are arrows by their name. Those with <c>Unless</c> stand in for an exchange between the same two that is
    /// not in the trace: a real browser's requests have traces of their own, and a target may send no spans.
    /// </summary>
    public static readonly (
        string Name,
        Participant Of,
        string Step,
        Participant From,
        Participant To,
        string Label,
        bool Unless
    )[] Spans =
    [
        (Authorize, Client, "A6", Client, Browser, "open the authorization URL", false),
        ("oauth.callback", Client, "A8", Browser, Client, "redirect: code, state, iss", false),
        (Browse, Client, "", Client, Browser, "open the link", false),
        ("vault.read", Gateway, "", Gateway, Vault, "look for a grant", false),
        ("vault.write", Gateway, "", Gateway, Vault, "seal the tokens", false),
        ("vault.refresh", Gateway, "", Gateway, Vault, "renew the grant", false),
        ("lease.wait", Gateway, "", Gateway, Vault, "wait for another's refresh", false),
        ("consent.open", Gateway, "B3", Browser, Gateway, "open the link", true),
        ("consent.bind", Gateway, "B6", Browser, Gateway, "go on", true),
        ("consent.callback", Gateway, "B8", Browser, Gateway, "redirect: code, state, iss", true),
        ("oauth.token", Gateway, "B8", Gateway, ThirdParty, "token request", true),
        ("target.call", Gateway, "", Gateway, Target, "call", true),
    ];
}
