namespace AspireGateway.Gateway.Outbound.Connect.Pages;

/// <summary>What the consent page shows.</summary>
public sealed record ConsentPageModel
{
    /// <summary>The signed-in person's name.</summary>
    public required string Person { get; init; }

    /// <summary>Client id of the agent; null when the person connects by themselves.</summary>
    public required string? Client { get; init; }

    /// <summary>Whether it began on the connections page, to which a link leads back.</summary>
    public required bool FromPage { get; init; }

    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>Host of the target.</summary>
    public required string Address { get; init; }

    /// <summary>Host of the authorization server that the browser goes to.</summary>
    public required string Provider { get; init; }

    /// <summary>Scopes that are asked for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Whether a grant is there and only this agent's permission to use it is missing.</summary>
    public required bool IsConnected { get; init; }

    /// <summary>Where the form posts to.</summary>
    public required string Action { get; init; }

    /// <summary>Name of the antiforgery field.</summary>
    public required string FormField { get; init; }

    /// <summary>Antiforgery token.</summary>
    public required string FormToken { get; init; }
}
