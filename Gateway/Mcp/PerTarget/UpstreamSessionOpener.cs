using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Targets.Upstream;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>
/// Initializes a target for a client that did so before it had a grant: the target hears what the client said then.
/// </summary>
internal sealed class UpstreamSessionOpener(UpstreamHttp http, ClientSessions sessions)
{
    /// <summary>Opens the session if that has not been done.</summary>
    /// <returns>The target's session id, null when it has none.</returns>
    /// <exception cref="CredentialRefusedException">The target refused the credential.</exception>
    /// <exception cref="HttpRequestException">The target did not answer as an MCP server.</exception>
    public async Task<string?> OpenAsync(
        FoundSession session,
        Target target,
        TargetCredential credential,
        CancellationToken cancel
    )
    {
        if (session.Session.IsOpenUpstream)
        {
            return session.Session.UpstreamId;
        }

        var initialize = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = "gateway-initialize",
            ["method"] = "initialize",
            ["params"] = session.Session.Initialize.DeepClone(),
        };
        using var answer = await SendAsync(target, credential, initialize, session.Session, upstreamId: null, cancel);
        var id = answer.Headers.TryGetValues(ClientSessions.Header, out var ids) ? ids.FirstOrDefault() : null;
        var initialized = new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" };
        using var accepted = await SendAsync(target, credential, initialized, session.Session, id, cancel);
        await sessions.OpenedAsync(session, id, cancel);
        return id;
    }

    private async Task<HttpResponseMessage> SendAsync(
        Target target,
        TargetCredential credential,
        JsonObject message,
        ClientSession session,
        string? upstreamId,
        CancellationToken cancel
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url)
        {
            Content = new StringContent(message.ToJsonString(), System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.TryAddWithoutValidation(credential.Header, credential.Value.Reveal());
        request.Headers.Add("MCP-Protocol-Version", session.ProtocolVersion);
        if (upstreamId is not null)
        {
            request.Headers.Add(ClientSessions.Header, upstreamId);
        }

        var response = await http.ClientFor(target).SendAsync(request, cancel);
        if ((int)response.StatusCode is 401 or 403)
        {
            using (response)
            {
                throw new CredentialRefusedException(UpstreamRefusals.Of(response));
            }
        }

        return response.EnsureSuccessStatusCode();
    }
}
