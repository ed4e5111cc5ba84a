using System.Globalization;
using System.Security.Cryptography;
using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.LocalHosting;

/// <summary>A PostgreSQL server: this machine's programs with data of their own, which are gone when the system stops.</summary>
public class PostgresServerResource : Resource, IResourceWithConnectionString, IResourceWithEndpoints
{
    internal PostgresServerResource(string name)
        : base(name) { }

    internal string Password { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    internal List<string> Databases { get; } = [];

    internal int Port =>
        Definition.Endpoints[0].AllocatedPort
        ?? throw new InvalidOperationException($"The port of '{Name}' is not known yet.");

    internal string ConnectionString =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={Port};Username={PostgresProgram.Superuser};Password={Password}"
        );

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => new(ConnectionString);
}

/// <summary>A database of a PostgreSQL server.</summary>
public class PostgresDatabaseResource : Resource, IResourceWithConnectionString
{
    internal PostgresDatabaseResource(string name, string databaseName, PostgresServerResource server)
        : base(name) => (DatabaseName, Server) = (databaseName, server);

    /// <summary>Its name on the server.</summary>
    public string DatabaseName { get; }

    internal PostgresServerResource Server { get; }

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) =>
        new($"{Server.ConnectionString};Database={DatabaseName}");
}
