using System.Diagnostics;
using System.Text.Encodings.Web;
using AspireGateway.Gateway.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.SignIn;

/// <summary>
/// B4: the framework's handler, whose answer from the issuer is a span of the flow that sent the browser there. The context travels in the
/// protected state, because browsers send none.
/// </summary>
internal sealed class SignInHandler(
    IOptionsMonitor<OpenIdConnectOptions> options,
    ILoggerFactory logger,
    HtmlEncoder htmlEncoder,
    UrlEncoder encoder
) : OpenIdConnectHandler(options, logger, htmlEncoder, encoder)
{
    private const string FlowItem = "traceparent";

    /// <summary>Puts the current span's context into the state.</summary>
    public static void RememberFlow(AuthenticationProperties properties) =>
        properties.Items[FlowItem] = Activity.Current?.Id;

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        using var span = GatewayTelemetry.StartBelow(Spans.SignIn, Flow());
        var result = await base.HandleRemoteAuthenticateAsync();
        if (!result.Succeeded)
        {
            span?.Fail(ErrorCodes.SignInFailed);
        }

        return result;
    }

    // A state that cannot be opened is the framework's to refuse.
    private string? Flow() =>
        Request.Query["state"] is [{ Length: > 0 } state]
        && Options.StateDataFormat.Unprotect(state) is { } properties
        && properties.Items.TryGetValue(FlowItem, out var flow)
            ? flow
            : null;
}
