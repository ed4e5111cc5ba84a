using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using Microsoft.Extensions.Options;
using ModelContextProtocol;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>Reads everything that a target lists over one of its connections.</summary>
internal sealed class CatalogueReader(
    IOptions<CatalogueOptions> options,
    TimeProvider time,
    ILogger<CatalogueReader> logger
)
{
    // A target that shakes hands and then falls silent must not look for ever as if it were being read.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Reads those lists that the target declares, page by page.</summary>
    /// <exception cref="CatalogueTooLargeException">The lists are larger than <see cref="CatalogueOptions.MaxBytes"/>.</exception>
    /// <exception cref="TimeoutException">The target did not list everything in time.</exception>
    public Task<CatalogueContents> ReadAsync(UpstreamConnection connection, CancellationToken cancel) =>
        Silence.EndAsync(Patience, time, end => ReadAllAsync(connection, end), "list everything", cancel);

    private async Task<CatalogueContents> ReadAllAsync(UpstreamConnection connection, CancellationToken cancel)
    {
        var server = await connection.DescribeAsync(cancel);
        var contents = new CatalogueContents { Server = server };
        var budget = new Budget(options.Value.MaxBytes);
        foreach (var kind in ListKind.All.Where(kind => server.Declares(kind.Capability)))
        {
            contents = contents.With(kind, await ReadAsync(connection, kind, budget, cancel));
        }

        return contents;
    }

    /// <summary>Whether an exception says that a target did not answer as it should.</summary>
    public static bool IsTargetFailure(Exception exception, CancellationToken cancel) =>
        exception
            is McpException
                or HttpRequestException
                or IOException
                or TimeoutException
                or InvalidOperationException
                or JsonException
                or CatalogueTooLargeException
        || (exception is OperationCanceledException && !cancel.IsCancellationRequested);

    /// <summary>What went wrong; the innermost exception knows it best where a host is forbidden.</summary>
    public static string Describe(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is ForbiddenAddressException)
            {
                return inner.Message;
            }
        }

        return exception.Message;
    }

    private async Task<IReadOnlyList<JsonObject>> ReadAsync(
        UpstreamConnection connection,
        ListKind kind,
        Budget budget,
        CancellationToken cancel
    )
    {
        var max = options.Value.MaxItems;
        var items = new List<JsonObject>();
        string? cursor = null;
        do
        {
            if (await ReadPageAsync(connection, kind, cursor, cancel) is not { } result)
            {
                break;
            }

            budget.Spend(result);
            items.AddRange((result[kind.Member] as JsonArray ?? []).OfType<JsonObject>());
            cursor = result.TextOf("nextCursor");
        } while (cursor is not null && items.Count <= max);

        if (items.Count > max)
        {
            logger.TooManyItems(connection.Target.Name, max, kind.Member);
            items.RemoveRange(max, items.Count - max);
        }

        return CatalogueContents.Sort(kind, items);
    }

    private static async Task<JsonObject?> ReadPageAsync(
        UpstreamConnection connection,
        ListKind kind,
        string? cursor,
        CancellationToken cancel
    )
    {
        try
        {
            var parameters = cursor is null ? [] : new JsonObject { ["cursor"] = cursor };
            return await connection.SendAsync(kind.Method, parameters, cancel) as JsonObject;
        }
        catch (McpProtocolException exception) when (exception.ErrorCode is McpErrorCode.MethodNotFound)
        {
            // One capability covers resources and their templates, and many servers have only the former.
            return null;
        }
    }

    private sealed class Budget(int maxBytes)
    {
        private int _spent;

        public void Spend(JsonObject page)
        {
            _spent += Encoding.UTF8.GetByteCount(page.ToJsonString());
            if (_spent > maxBytes)
            {
                throw new CatalogueTooLargeException(maxBytes);
            }
        }
    }
}

/// <summary>A target lists more than the gateway keeps.</summary>
internal sealed class CatalogueTooLargeException(int maxBytes)
    : Exception(
        $"What it lists is larger than {maxBytes} bytes (Gateway:Catalogue:MaxBytes). Shorten its descriptions and schemas, or raise the setting."
    );
