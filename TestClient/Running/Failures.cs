using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.Output;
using ModelContextProtocol;

namespace AspireGateway.TestClient.Running;

/// <summary>Turns whatever ended a run into a sentence and advice.</summary>
internal static class Failures
{
    /// <summary>Explains <paramref name="failure"/>.</summary>
    public static ClientFailure Explain(Exception failure, Uri server, FlowLog log)
    {
        var chain = Chain(failure).ToArray();
        if (chain.OfType<ClientFailure>().FirstOrDefault() is { } known)
        {
            return known;
        }

        if (chain.OfType<OperationCanceledException>().Any())
        {
            return new("Stopped before it was done.", inner: failure);
        }

        // The last request had no answer at all, whatever the SDK made of it.
        if (
            log.Events is [.., { Method: not null, Status: null } unanswered]
            && unanswered.Step is not (FlowStep.A6 or FlowStep.B3)
        )
        {
            return Unreachable(chain, unanswered.Url!, server);
        }

        if (log.Events is [.., { Status: >= 400 } refused] && RefusedLeg(refused) is { } leg)
        {
            return leg;
        }

        return chain.OfType<HttpRequestException>().FirstOrDefault(static http => http.StatusCode is not null)
                is { } http
                ? Refused(http, server, log)
            : chain.OfType<McpProtocolException>().FirstOrDefault() is { } rpc
                ? new(
                    $"The server answered with error {(int)rpc.ErrorCode}: {Printable.OneLine(rpc.Message)}",
                    inner: failure
                )
            : new(Printable.OneLine(failure.Message), inner: failure);
    }

    private static ClientFailure? RefusedLeg(FlowEvent refused)
    {
        var because = refused.Note is { Length: > 0 } note ? Printable.OneLine(note) : $"status {refused.Status}";
        return refused.Step switch
        {
            FlowStep.A3 => new(
                $"The metadata of the server is not where the server says: {refused.Url} answers {refused.Status}.",
                "That is a mistake in the MCP server's configuration (RFC 9728)."
            ),
            FlowStep.A4 => new(
                $"The authorization server has no metadata: {refused.Url} answers {refused.Status}.",
                "Check the authorization server that step A3 names, in the MCP server's configuration."
            ),
            FlowStep.A5 => new(
                $"The authorization server did not register this client: {because}",
                "Use a client that it knows with --client-id, a document with --client-id-document, or other scopes with --scope."
            ),
            FlowStep.A9 => new(
                $"The authorization server gave no token: {because}",
                "If the client has a secret, put it into the environment variable TESTCLIENT_CLIENT_SECRET."
            ),
            _ => null,
        };
    }

    private static ClientFailure Unreachable(Exception[] chain, string url, Uri server)
    {
        if (chain.OfType<AuthenticationException>().Any())
        {
            return new(
                $"The certificate of {url} is not trusted.",
                "For a development certificate run: dotnet dev-certs https --trust",
                chain[0]
            );
        }

        var reason = chain.OfType<SocketException>().FirstOrDefault()?.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "its host name is not known",
            SocketError.ConnectionRefused => "nothing listens there",
            _ => "the connection fails",
        };
        var isServer = url.StartsWith(server.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        return new(
            $"{url} does not answer: {reason}.",
            isServer
                ? "Check the address. In this repository the server starts with: dotnet run --project AppHost"
                : "That is the authorization server, which the MCP server named. Start it, or correct the MCP server's configuration.",
            chain[0]
        );
    }

    private static ClientFailure Refused(HttpRequestException http, Uri server, FlowLog log)
    {
        var challenge = log.Events.LastOrDefault(static happened => happened.Step is FlowStep.A2)?.Note;
        var last = log.Events.LastOrDefault(static happened => happened.Status is not null);
        var url = last?.Url ?? server.AbsoluteUri;
        return http.StatusCode switch
        {
            HttpStatusCode.Unauthorized when last?.Step is FlowStep.A10 or FlowStep.B9 => new(
                $"{url} does not accept the access token: {challenge}.",
                "Its issuer, audience or scope is not what the server expects. The server's log says which.",
                http
            ),
            HttpStatusCode.Forbidden => new(
                $"{url} forbids it: {challenge ?? Printable.OneLine(http.Message)}.",
                "Ask for more with --scope, or sign in as somebody who may.",
                http
            ),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed when last?.Step is FlowStep.A1 or FlowStep.A10 =>
                new(
                    $"{url} answers {(int)http.StatusCode}: there is no MCP endpoint.",
                    "MCP endpoints often end in /mcp.",
                    http
                ),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => new(
                $"{url} redirects to another address.",
                "Redirects are not followed, because the token must not go elsewhere. Use the final address.",
                http
            ),
            _ => new($"{url} answers {(int?)http.StatusCode}: {Printable.OneLine(http.Message)}", inner: http),
        };
    }

    private static IEnumerable<Exception> Chain(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            yield return failure;
        }
    }
}
