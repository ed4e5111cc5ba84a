namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>One question to one person, which the link of an elicitation leads to.</summary>
internal sealed record ConsentRequest
{
    /// <summary>Configured name of the issuer of the person who was asked.</summary>
    public required string Issuer { get; init; }

    /// <summary>Subject of the person who was asked.</summary>
    public required string Subject { get; init; }

    /// <summary>OAuth client id of the agent; null when the person connects by themselves, which allows nothing to any agent.</summary>
    public required string? Client { get; init; }

    public required string Target { get; init; }

    /// <summary>Scopes that this question is about, space separated; null for the target's usual ones.</summary>
    public string? Scopes { get; init; }

    public required string ElicitationId { get; init; }

    /// <summary>Trace of the call that asked.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Where the browser goes afterwards; from the allow-list.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>Whether the third party should ask for the password again.</summary>
    public bool Force { get; init; }

    /// <summary>Whether it began on the connections page, where the browser then ends.</summary>
    public bool FromPage { get; init; }

    public UserId User => new(Issuer, Subject);
}
