using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.LocalHosting;

/// <summary>PostgreSQL as resources.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a PostgreSQL server.</summary>
    /// <param name="builder">The model.</param>
    /// <param name="name">Name of the resource.</param>
    /// <param name="userName">Not supported here: the name is <c>postgres</c>.</param>
    /// <param name="password">Not supported here: each run has a password of its own.</param>
    /// <param name="port">Its port; a free one when null.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null
    )
    {
        if (userName is not null || password is not null)
        {
            throw new DistributedApplicationException(
                $"'{name}' asks for a user name or a password of its own, which the local engine does not have."
            );
        }

        var server = new PostgresServerResource(name);
        server.Definition.Endpoints.Add(new EndpointDefinition("tcp", "tcp") { Port = port });
        server.Definition.HealthChecks.Add(new PostgresHealthCheck(server));
        return builder.AddResource(server);
    }

    /// <summary>Adds a database; it is made when the server is there.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder,
        string name,
        string? databaseName = null
    )
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Databases.Add(database.DatabaseName);
        return builder.ApplicationBuilder.AddResource(database);
    }
}
