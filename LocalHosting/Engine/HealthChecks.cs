using System.Net;
using Npgsql;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>Whether a resource works.</summary>
internal abstract record HealthCheckDefinition
{
    /// <summary>Asks once.</summary>
    /// <returns>Null for yes, else what is wrong.</returns>
    public abstract Task<string?> AskAsync(HttpClient http, CancellationToken cancellationToken);

    /// <summary>The same for another process of the resource.</summary>
    public virtual HealthCheckDefinition For(IResourceWithEndpoints other) => this;
}

/// <summary>What has to answer, and how.</summary>
internal sealed record HttpHealthCheck(EndpointReference Endpoint, string Path, int StatusCode) : HealthCheckDefinition
{
    public override async Task<string?> AskAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var url = $"{Endpoint.Url}{Path}";
        try
        {
            using var response = await http.GetAsync(url, cancellationToken);
            return response.StatusCode == (HttpStatusCode)StatusCode
                ? null
                : $"{url} answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException exception)
        {
            return $"{url} does not answer ({exception.HttpRequestError})";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{url} does not answer in time";
        }
    }

    public override HealthCheckDefinition For(IResourceWithEndpoints other) =>
        this with
        {
            Endpoint = new EndpointReference(other, Endpoint.EndpointName),
        };
}

/// <summary>A server is healthy when it has all of its databases; what is missing is made first.</summary>
internal sealed record PostgresHealthCheck(PostgresServerResource Server) : HealthCheckDefinition
{
    public override async Task<string?> AskAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                $"{Server.ConnectionString};Database=postgres;Pooling=false;Timeout=5;Command Timeout=5"
            );
            await connection.OpenAsync(cancellationToken);
            foreach (var database in Server.Databases)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = "SELECT 1 FROM pg_database WHERE datname = @name";
                command.Parameters.AddWithValue("name", database);
                if (await command.ExecuteScalarAsync(cancellationToken) is null)
                {
                    command.CommandText =
                        $"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
                    command.Parameters.Clear();
                    await command.ExecuteNonQueryAsync(cancellationToken);
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return $"it does not answer ({exception.Message})";
        }
    }
}
