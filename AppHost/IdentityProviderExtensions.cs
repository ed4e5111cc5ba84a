namespace AspireGateway.AppHost;

internal static class IdentityProviderExtensions
{
    /// <summary>
    /// Adds whatever can play the two realms here; see <see cref="IdentityProviderChoice"/>. Users, clients, scopes and issuers'
    /// paths are the same, so nothing else of the model depends on the choice.
    /// </summary>
    public static IdentityRealms AddIdentityProvider(this IDistributedApplicationBuilder builder)
    {
        // No secret: printed in the documentation, valid in Development on this machine only.
        var demoPassword = builder.AddParameter("demo-password", "demo");
        var choice = IdentityProviderChoice.Make(builder.Configuration);
        Console.WriteLine(choice.Explanation);
        return choice.Kind switch
        {
            IdentityProviderKind.Embedded => builder.AddEmbeddedIdentityProvider(demoPassword),
            _ => throw new DistributedApplicationException($"{choice.Kind} cannot be run by this AppHost yet."),
        };
    }
}
