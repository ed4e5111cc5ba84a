using System.Diagnostics;
using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.SignIn;
using ModelContextProtocol.Authentication;

namespace AspireGateway.TestClient.OAuth;

/// <summary>
/// Steps A6 to A8. The SDK makes the authorization request; this sends a browser there and waits at the callback.
/// </summary>
internal sealed class Authorizer(
    ClientIdentity identity,
    CallbackListener listener,
    IUserAgent userAgent,
    FlowLog log,
    FlowKnowledge known
)
{
    private ClientFailure? _failure;

    /// <summary>How many times somebody has been taken through the browser with success.</summary>
    public int SignIns { get; private set; }

    /// <summary>The SDK's callback.</summary>
    public async Task<AuthorizationResult?> AuthorizeAsync(
        AuthorizationCallbackContext context,
        CancellationToken cancellationToken
    )
    {
        if (_failure is not null)
        {
            // The SDK tries again with another protocol revision or transport; a refused sign-in stays refused.
            throw _failure;
        }

        using var span = ClientTelemetry.Source.StartActivity(ClientTelemetry.Authorize, ActivityKind.Client);
        try
        {
            return await RunAsync(context, cancellationToken);
        }
        catch (ClientFailure failure)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            _failure = failure;
            throw;
        }
    }

    private async Task<AuthorizationResult> RunAsync(
        AuthorizationCallbackContext context,
        CancellationToken cancellationToken
    )
    {
        var request = Request(context);
        log.Secrets.Add(request.State);
        SayHowClientIsKnown(request);

        var answer = listener.ExpectAsync(request, cancellationToken);
        await userAgent.VisitAsync(request, answer, cancellationToken);
        var response = await answer;
        log.Secrets.Add(response.Code);

        var mistake = response.IssuerMistake(request);
        log.Add(
            new(FlowStep.A8, "redirect back")
            {
                Method = "GET",
                Url = SafeUrl.Of(request.RedirectUri),
                Note = mistake ?? Describe(response),
            }
        );
        if (mistake is not null)
        {
            throw new ClientFailure(
                $"The sign-in is refused: {mistake}.",
                "This can be a mix-up attack, or an authorization server whose metadata is wrong. Do not repeat it before you know."
            );
        }

        if (string.IsNullOrEmpty(response.Code))
        {
            throw Refused(response);
        }

        SignIns++;
        return new()
        {
            Code = response.Code,
            State = response.State,
            Iss = response.Issuer,
        };
    }

    private AuthorizationRequest Request(AuthorizationCallbackContext context)
    {
        var request = new AuthorizationRequest(
            context.AuthorizationUri,
            context.RedirectUri,
            "",
            known.Server?.Issuer,
            known.Server?.SendsIssuer ?? false
        );
        return request with { State = request.Parameter("state") ?? "" };
    }

    private void SayHowClientIsKnown(AuthorizationRequest request)
    {
        if (identity is ClientIdentity.Dynamic || known.Registered)
        {
            return;
        }

        known.Registered = true;
        var document = identity is ClientIdentity.Document;
        var how = document ? "metadata document" : "registered before";
        var warning =
            document && known.Server?.ReadsClientDocuments is false
                ? " (the authorization server does not say that it reads such documents)"
                : "";
        log.Add(
            new(FlowStep.A5, "client registration")
            {
                Note = $"{how}, client id {request.Parameter("client_id")}{warning}",
            }
        );
    }

    private static string Describe(AuthorizationResponse response)
    {
        if (response.Error is not null)
        {
            return $"error {response.Error}";
        }

        return response.Issuer is null
            ? "code and state received, state is right"
            : "code, state and iss received, state and iss are right";
    }

    private static ClientFailure Refused(AuthorizationResponse response)
    {
        if (response.Error is "access_denied")
        {
            return new("The consent was refused.", "Run it again and allow the access, or ask for less with --scope.");
        }

        var description = response.ErrorDescription is null ? "" : $" ({Printable.OneLine(response.ErrorDescription)})";
        return new(
            $"The authorization server refused the request: {Printable.OneLine(response.Error ?? "no code and no error")}{description}.",
            response.Error is "invalid_scope"
                ? "Ask for scopes that it knows with --scope, or use another client with --client-id that may have them."
                : "The authorization server's log says more."
        );
    }
}
