using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.LocalHosting;

/// <summary>Parameters as resources.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value that must be configured: <c>Parameters:{name}</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        bool secret = false
    ) =>
        builder.AddConfigured(
            name,
            secret,
            () =>
                throw new MissingParameterValueException(
                    $"The parameter '{name}' has no value: set Parameters:{name} in the AppHost's configuration "
                        + $"(dotnet user-secrets set Parameters:{name} VALUE --project AppHost)."
                )
        );

    /// <summary>A value that the model gives. As in Aspire, configuration does not replace it.</summary>
    /// <param name="builder">The model.</param>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="value">The value.</param>
    /// <param name="publishValueAsDefault">Has a meaning only when publishing.</param>
    /// <param name="secret">Whether it is a credential.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        string value,
        bool publishValueAsDefault = false,
        bool secret = false
    ) => builder.AddResource(new ParameterResource(name, secret, () => value));

    /// <summary>A value with a computed default, which is kept in the user secrets when it shall stay the same.</summary>
    /// <param name="builder">The model.</param>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="value">Computes the default.</param>
    /// <param name="secret">Whether it is a credential.</param>
    /// <param name="persist">Whether the next run shall find the same value.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        ParameterDefault value,
        bool secret = false,
        bool persist = false
    ) =>
        builder.AddConfigured(
            name,
            secret,
            () =>
            {
                var generated = value.GetDefaultValue();
                if (persist)
                {
                    UserSecrets.TryStore(builder, $"Parameters:{name}", generated);
                }

                return generated;
            }
        );

    private static IResourceBuilder<ParameterResource> AddConfigured(
        this IDistributedApplicationBuilder builder,
        string name,
        bool secret,
        Func<string> fallback
    ) =>
        builder.AddResource(
            new ParameterResource(name, secret, () => builder.Configuration[$"Parameters:{name}"] ?? fallback())
        );
}
