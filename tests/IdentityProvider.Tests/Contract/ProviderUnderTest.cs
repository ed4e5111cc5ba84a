namespace AspireGateway.IdentityProvider.Tests.Contract;

/// <summary>A provider that plays both realms, and what is known to differ between providers.</summary>
public sealed record ProviderUnderTest
{
    /// <summary>Issuer of the realm <c>corp</c>.</summary>
    public required Uri Corp { get; init; }

    /// <summary>Issuer of the realm <c>partner</c>.</summary>
    public required Uri Partner { get; init; }

    /// <summary>Password of all users.</summary>
    public required string Password { get; init; }

    /// <summary>The gateway's public URL in the realm files.</summary>
    public required string Gateway { get; init; }

    /// <summary>The notes server's public URL in the realm files.</summary>
    public required string Notes { get; init; }

    /// <summary>Secret of the gateway's clients in both realms.</summary>
    public required string GatewaySecret { get; init; }

    /// <summary><c>aud</c> is exactly the requested resource, and an unknown one is refused. Otherwise <c>resource</c> is ignored.</summary>
    public required bool HonoursResource { get; init; }

    /// <summary>A used refresh token ends the grant in <c>corp</c> too; in <c>partner</c> it must with every provider.</summary>
    public required bool RotatesInCorp { get; init; }

    /// <summary>The gateway's resource.</summary>
    public string GatewayResource => Gateway + "/mcp";

    /// <summary>The notes server's resource.</summary>
    public string NotesResource => Notes + "/mcp";
}

/// <summary>Starts a provider once for a class of tests.</summary>
public interface IProviderFixture
{
    /// <summary>Why it cannot run here; null where it runs.</summary>
    string? Missing => null;

    /// <summary>The running provider.</summary>
    ProviderUnderTest Provider { get; }
}
