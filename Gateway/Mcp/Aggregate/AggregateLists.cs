using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Naming;
using Microsoft.Extensions.Options;
using ModelContextProtocol;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>Lists over all targets, answered from the catalogue in a fixed order; a target that is down stays listed.</summary>
internal sealed class AggregateLists(
    TargetRegistry targets,
    VisibleCatalogue visible,
    AggregateNames names,
    ToolAccess access,
    IOptions<McpOptions> options
)
{
    /// <summary>One page of a list.</summary>
    /// <param name="kind">Which list.</param>
    /// <param name="caller">Who asks; what is not theirs to see is left out.</param>
    /// <param name="cursor">Where the page before ended; null for the first.</param>
    /// <param name="isModern">Whether the client speaks 2026-07-28, whose lists say how long they may be kept and by whom.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="McpProtocolException">The cursor is none, or the gateway cannot name things.</exception>
    public async Task<JsonObject> PageAsync(
        ListKind kind,
        Caller caller,
        string? cursor,
        bool isModern,
        CancellationToken cancel
    )
    {
        if (names.Problem is { } problem)
        {
            throw new McpProtocolException(problem, (McpErrorCode)JsonRpcCodes.Refused);
        }

        var from = cursor is null
            ? null
            : ListCursor.TryParse(cursor, kind)
                ?? throw new McpProtocolException(
                    "The cursor is none that this list gave. Start again without it.",
                    McpErrorCode.InvalidParams
                );
        var items = new JsonArray();
        ListCursor? last = null;
        foreach (var (target, item) in await AllAsync(kind, caller, from, cancel))
        {
            if (items.Count == options.Value.ListPageSize)
            {
                return ListResult.Create(kind.Member, items, isModern, last!.ToString());
            }

            items.Add((JsonNode)Rename(kind, target, item));
            last = new ListCursor(kind, target, kind.KeyOf(item)!);
        }

        return ListResult.Create(kind.Member, items, isModern);
    }

    // The targets' lists at the same time: one that has to be read first makes nobody wait behind it.
    private async Task<IEnumerable<(TargetName Target, JsonObject Item)>> AllAsync(
        ListKind kind,
        Caller caller,
        ListCursor? from,
        CancellationToken cancel
    )
    {
        var remaining = targets.All.Where(target => from is null || from.Reaches(target.Name)).ToList();
        var lists = await Task.WhenAll(
            remaining.Select(target => visible.OfAsync(caller, target, kind, cancel).AsTask())
        );
        return remaining.SelectMany(
            (target, index) =>
                lists[index]
                    .Where(item =>
                        from?.IsBehind(target.Name, kind.KeyOf(item)!) is not false
                        && (kind != ListKind.Tools || access.IsListed(caller, target.Name, item))
                    )
                    .Select(item => (target.Name, item))
        );
    }

    private JsonObject Rename(ListKind kind, TargetName target, JsonObject item)
    {
        var renamed = (JsonObject)item.DeepClone();
        var own = kind.KeyOf(item)!;
        renamed[kind.Key] = kind.IsByUri ? names.QualifyUri(target, own) : names.Listed(target, own);
        return renamed;
    }
}
