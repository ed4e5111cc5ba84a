namespace AspireGateway.Gateway;

/// <summary>
/// Stable codes of everything that the gateway refuses: the same in the answer, the log, the span and the audit record. Each has its cause and its fix
/// in <c>docs/errors.md</c>, which a test compares with this list.
/// </summary>
internal static class ErrorCodes
{
    private const string Guide = "docs/errors.md#";

    /// <summary>Where cause and fix of a code stand.</summary>
    public static string HelpOf(string code)
    {
        // Behind a colon stands what exactly is wrong.
        var colon = code.IndexOf(':', StringComparison.Ordinal);
        return Guide + (colon < 0 ? code : code[..colon]);
    }

    // The access token.
    public const string MissingToken = "missing_token";
    public const string MalformedAuthorization = "malformed_authorization";
    public const string MalformedToken = "malformed_token";
    public const string WrongTokenType = "wrong_token_type";
    public const string UnknownCrit = "unknown_crit";
    public const string WrongIssuer = "wrong_issuer";
    public const string UnknownKey = "unknown_key";
    public const string InvalidSignature = "invalid_signature";
    public const string Expired = "expired";
    public const string NotYetValid = "not_yet_valid";
    public const string NoExpiry = "no_expiry";
    public const string LifetimeTooLong = "lifetime_too_long";
    public const string WrongAudience = "wrong_audience";
    public const string WrongClient = "wrong_client";
    public const string NoSubject = "no_subject";
    public const string ClaimMismatch = "claim_mismatch";
    public const string ScopeNotAllowed = "scope_not_allowed";
    public const string InsufficientScope = "insufficient_scope";
    public const string IssuerUnavailable = "issuer_unavailable";

    // The request.
    public const string UnknownHost = "unknown_host";
    public const string ForeignOrigin = "foreign_origin";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string TooLarge = "too_large";
    public const string IncompleteBody = "incomplete_body";
    public const string InvalidUtf8 = "invalid_utf8";
    public const string InvalidJson = "invalid_json";
    public const string Batch = "batch";
    public const string InvalidRequest = "invalid_request";
    public const string InvalidParams = "invalid_params";
    public const string HeaderMismatch = "header_mismatch";
    public const string UnknownTarget = "unknown_target";
    public const string UnknownTool = "unknown_tool";
    public const string UnknownPrompt = "unknown_prompt";
    public const string UnknownResource = "unknown_resource";
    public const string InvalidReference = "invalid_reference";
    public const string SeveralTargets = "several_targets";
    public const string MethodNotFound = "method_not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string MissingSession = "missing_session";
    public const string UnknownSession = "unknown_session";
    public const string UnknownQuestion = "unknown_question";

    // Its place.
    public const string UserBusy = "user_busy";
    public const string TargetBusy = "target_busy";
    public const string TooManyStreams = "too_many_streams";
    public const string RateLimited = "rate_limited";

    // The target.
    public const string TargetUnavailable = "target_unavailable";
    public const string TargetTimeout = "target_timeout";
    public const string TargetRefused = "target_refused";
    public const string MalformedAnswer = "malformed_answer";
    public const string AnswerTooLarge = "answer_too_large";
    public const string TargetError = "target_error";
    public const string CallIsOver = "call_is_over";
    public const string TooManyCalls = "too_many_calls";
    public const string TooManyQuestions = "too_many_questions";
    public const string MissingCapability = "missing_capability";

    // The person's consent.
    public const string ConsentRequired = "consent_required";
    public const string ConsentDeclined = "consent_declined";
    public const string UnknownConsent = "unknown_consent";
    public const string WrongUser = "wrong_user";
    public const string WrongBrowser = "wrong_browser";
    public const string WrongRedirect = "wrong_redirect";
    public const string UnknownState = "unknown_state";
    public const string InvalidCallback = "invalid_callback";
    public const string InvalidForm = "invalid_form";
    public const string SignInFailed = "sign_in_failed";
    public const string SignInNotConfigured = "sign_in_not_configured";
    public const string ReturnUrlNotAllowed = "return_url_not_allowed";
    public const string InvalidRequestState = "invalid_request_state";
    public const string NotConnected = "not_connected";
    public const string AgentNotAllowed = "agent_not_allowed";

    // The third party's authorization server.
    public const string DiscoveryFailed = "discovery_failed";
    public const string NoResourceMetadata = "no_resource_metadata";
    public const string ResourceMismatch = "resource_mismatch";
    public const string NoAuthorizationServer = "no_authorization_server";
    public const string NoMetadata = "no_metadata";
    public const string IssuerMismatch = "issuer_mismatch";
    public const string InvalidMetadata = "invalid_metadata";
    public const string NoPkce = "no_pkce";
    public const string AuthorizationServerChanged = "authorization_server_changed";
    public const string NoRegistration = "no_registration";
    public const string RegistrationFailed = "registration_failed";
    public const string ExchangeFailed = "exchange_failed";
    public const string TokenRequestFailed = "token_request_failed";
    public const string InvalidTokenResponse = "invalid_token_response";
    public const string TokenEndpointUnreachable = "token_endpoint_unreachable";
    public const string InvalidClient = "invalid_client";
    public const string InvalidGrant = "invalid_grant";
    public const string UnauthorizedClient = "unauthorized_client";
    public const string UnsupportedGrantType = "unsupported_grant_type";
    public const string InvalidScope = "invalid_scope";
    public const string InvalidTarget = "invalid_target";
    public const string RefreshPostponed = "refresh_postponed";
    public const string RefreshTimeout = "refresh_timeout";
    public const string TargetDenied = "target_denied";
    public const string ScopeWithheld = "scope_withheld";
    public const string TargetRejectsToken = "target_rejects_token";

    // The gateway.
    public const string GatewayStopping = "gateway_stopping";
    public const string InternalError = "internal_error";
    public const string AuditUnwritable = "audit_unwritable";
    public const string VaultUnavailable = "vault_unavailable";

    // The admin API.
    public const string InvalidDefinition = "invalid_definition";
    public const string DefinedInConfiguration = "defined_in_configuration";
    public const string TargetExists = "target_exists";
    public const string TooManyTargets = "too_many_targets";
    public const string VersionChanged = "version_changed";
    public const string TargetFailed = "target_failed";
    public const string NotSynchronized = "not_synchronized";
    public const string NotRegistered = "not_registered";
    public const string NoGrantNeeded = "no_grant_needed";
}
