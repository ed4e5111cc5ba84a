namespace AspireGateway.Gateway.Targets.Credentials;

/// <summary>
/// Steps 6 and 8: how a request to a target is authenticated. Defined here, beside what is sent, and implemented by the
/// features above that know how to get a credential.
/// </summary>
internal interface ITargetCredentials
{
    /// <summary>The credential for one request.</summary>
    ValueTask<CredentialResult> GetAsync(CredentialRequest request, CancellationToken cancel);

    /// <summary>What to do after the target refused a credential: refresh, ask for more scope, or give up.</summary>
    /// <param name="request">As it was given to <see cref="GetAsync"/>.</param>
    /// <param name="used">What was refused.</param>
    /// <param name="refusal">What the target answered.</param>
    /// <param name="cancel">Stops waiting; work that serves others goes on.</param>
    /// <returns>A ready result holds another credential, and the request may be sent once more.</returns>
    ValueTask<CredentialResult> ReplaceAsync(
        CredentialRequest request,
        TargetCredential used,
        UpstreamRefusal refusal,
        CancellationToken cancel
    );
}

/// <summary>Who needs a credential, and for what.</summary>
/// <param name="User">The person in whose name the target is called.</param>
/// <param name="Client">OAuth client id of the agent, because people consent for one agent at a time.</param>
/// <param name="Target">The target.</param>
internal sealed record CredentialRequest(UserId User, string Client, Target Target)
{
    /// <summary>Names the client's session without giving it away; elicitation ids start with it, so that the session's stream knows its own.</summary>
    public string SessionTag { get; init; } = "";

    /// <summary>Where the client wants the browser to go after a consent; checked against an allow-list.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>False where nobody waits for an answer, for example while a list is made: then nobody is asked.</summary>
    public bool MayAsk { get; init; } = true;

    /// <summary>The client wants the person to be asked again, whatever is there.</summary>
    public bool ForceConsent { get; init; }
}

/// <summary>A header to send.</summary>
/// <param name="Header">Name, usually <c>Authorization</c>.</param>
/// <param name="Value">The whole value; a secret.</param>
/// <param name="Version">Changes whenever the value does; connections are pooled by it.</param>
internal sealed record TargetCredential(string Header, Secret Value, string Version);

/// <summary>How a target refused a credential.</summary>
/// <param name="Status">401 or 403.</param>
/// <param name="Challenge">Its <c>WWW-Authenticate</c>, as it came; null without.</param>
internal sealed record UpstreamRefusal(int Status, string? Challenge);

/// <summary>The answer to the question for a credential.</summary>
internal abstract record CredentialResult
{
    /// <summary>Reason of <see cref="Unavailable"/> where a consent is missing and nobody may be asked.</summary>
    public const string NotAsked = ErrorCodes.ConsentRequired;

    private CredentialResult() { }

    /// <summary>The target needs none.</summary>
    public static readonly CredentialResult None = new Ready(null);

    /// <summary>Go on with this credential, or with none.</summary>
    public sealed record Ready(TargetCredential? Credential) : CredentialResult;

    /// <summary>The person must consent first.</summary>
    /// <param name="Url">The gateway's own page to open; opaque, without personal data.</param>
    /// <param name="ElicitationId">Id of this question, for revisions that have one.</param>
    /// <param name="Message">What it is about, in words for the person.</param>
    public sealed record ConsentRequired(Uri Url, string ElicitationId, string Message) : CredentialResult;

    /// <summary>There is none at the moment, and asking the person would not help.</summary>
    /// <param name="Reason">Stable code.</param>
    /// <param name="Message">What is wrong and what to do.</param>
    /// <param name="RetryAfter">When to try again; null when that is not known.</param>
    public sealed record Unavailable(string Reason, string Message, TimeSpan? RetryAfter = null) : CredentialResult;
}
