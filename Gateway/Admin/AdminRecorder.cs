using System.Diagnostics;
using AspireGateway.Gateway.Admin.Requests;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Vault;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Admin;

/// <summary>
/// Around every admin call: nothing is changed before its intent is in the audit record, every change and every refusal of one leaves one
/// outcome there, and no answer is cached.
/// </summary>
internal sealed class AdminRecorder(IAuditLog audit, TimeProvider time, ILogger<AdminRecorder> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        var isChange = !HttpMethods.IsGet(http.Request.Method);
        AuditCall? call = null;
        if (isChange)
        {
            call = await audit.BeginAsync(Entry(http) with { Kind = RecordKinds.Intent });
            if (call is null)
            {
                Record(http, AdminProblem.AuditUnwritable.ToResult(), call);
                return Unavailable(http, AdminProblem.AuditUnwritable);
            }
        }

        object? result;
        try
        {
            result = await next(context);
        }
        catch (VaultUnavailableException exception)
        {
            logger.VaultUnavailable(exception.Message);
            result = Unavailable(http, AdminProblem.VaultUnavailable);
        }

        if (isChange)
        {
            Record(http, result is INestedHttpResult nested ? nested.Result : result as IResult, call);
        }

        return result;
    }

    private void Record(HttpContext context, IResult? result, AuditCall? call)
    {
        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        audit.Add(
            Entry(context) with
            {
                Kind = call is null ? RecordKinds.Decision : RecordKinds.Outcome,
                Call = call,
                Decision = status < StatusCodes.Status400BadRequest ? "allowed" : "refused",
                Reason = (result as ProblemHttpResult)?.ProblemDetails.Title ?? "ok",
                Status = status,
            }
        );
    }

    private AuditRecord Entry(HttpContext context)
    {
        var caller = context.GetCaller();
        return new AuditRecord
        {
            Time = time.GetUtcNow(),
            Decision = "allowed",
            Reason = "allowed",
            User = caller?.User.ToString(),
            Client = caller?.ClientId,
            Method = context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName,
            Target = context.GetRouteValue("name") as string ?? (context.Items[CreatedName] as string),
            Name = Person(context),
            TraceId = Activity.Current?.TraceId.ToHexString(),
        };
    }

    /// <summary>Key of <see cref="HttpContext.Items"/> for the name of a target that the path does not hold.</summary>
    public static readonly object CreatedName = new();

    // Whose connections were ended.
    private static string? Person(HttpContext context) =>
        context.GetRouteValue("subject") is string subject ? $"{context.GetRouteValue("issuer")}:{subject}" : null;

    private static ProblemHttpResult Unavailable(HttpContext context, AdminProblem problem)
    {
        context.Response.Headers.RetryAfter = "5";
        return problem.ToResult();
    }
}
