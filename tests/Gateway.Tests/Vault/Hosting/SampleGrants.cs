using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Tests.Vault.Hosting;

internal static class SampleGrants
{
    public static readonly UserId Alice = new("corp", "alice-7f3a");
    public static readonly UserId Bob = new("corp", "bob-91c2");

    public static TargetName Target(string name) =>
        TargetName.TryParse(name, out var target) ? target : throw new ArgumentException(name, nameof(name));

    public static GrantBinding Binding(UserId? user = null, string target = "notes") =>
        new(
            user ?? Alice,
            Target(target),
            "https://id.partner.test/realms/partner",
            $"https://{target}.test/mcp",
            "aspire-gateway"
        );

    public static GrantTokens Tokens(string name = "one", DateTimeOffset? expiresAt = null) =>
        new(
            new Secret($"access-{name}"),
            new Secret($"refresh-{name}"),
            expiresAt,
            ScopeSet.Parse("notes:read notes:write")
        );
}
