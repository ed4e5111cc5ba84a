using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Admin.Requests;

/// <summary>Why the admin API refuses something.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Reason">Stable code: the problem's title, and the reason in the audit record.</param>
/// <param name="Detail">What is wrong and what to do.</param>
internal sealed record AdminProblem(int Status, string Reason, string Detail)
{
    public static readonly AdminProblem VaultUnavailable = new(
        StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.VaultUnavailable,
        "The gateway's vault does not answer. Try again later; a call that was not finished can be repeated as it is."
    );

    public static readonly AdminProblem AuditUnwritable = new(
        StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.AuditUnwritable,
        "The audit record cannot be written at the moment, and nothing is changed without it. Try again later."
    );

    public static readonly AdminProblem VersionChanged = new(
        StatusCodes.Status412PreconditionFailed,
        ErrorCodes.VersionChanged,
        "Somebody has changed the target since you read it. Read it again, and send your change with its new ETag in If-Match."
    );

    public static AdminProblem UnknownTarget(string name) =>
        new(
            StatusCodes.Status404NotFound,
            ErrorCodes.UnknownTarget,
            $"There is no target '{name}'. GET /admin/targets lists them."
        );

    public ProblemHttpResult ToResult() => Problems.Of(Status, Reason, Detail);

    /// <summary>Everything that is wrong with a definition, at once.</summary>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> mistakes) =>
        TypedResults.Problem(
            new HttpValidationProblemDetails(mistakes)
            {
                Status = StatusCodes.Status400BadRequest,
                Title = ErrorCodes.InvalidDefinition,
                Detail = "Nothing was changed. Each member in errors says what is wrong with it and what to do.",
                Extensions = Problems.Help(ErrorCodes.InvalidDefinition),
            }
        );
}
