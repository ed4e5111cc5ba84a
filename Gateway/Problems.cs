using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway;

/// <summary>Problem documents (RFC 9457) of the gateway's own APIs: <c>title</c> is the stable code, <c>help</c> leads to its fix.</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(int status, string reason, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: reason, extensions: Help(reason));

    /// <summary>The member <c>help</c>.</summary>
    public static Dictionary<string, object?> Help(string reason) =>
        new(StringComparer.Ordinal) { ["help"] = ErrorCodes.HelpOf(reason) };
}
