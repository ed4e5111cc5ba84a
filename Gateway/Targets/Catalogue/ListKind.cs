using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>One of the lists that an MCP server offers.</summary>
/// <param name="Method">Method that asks for it.</param>
/// <param name="Member">Member of the result that holds the items.</param>
/// <param name="Key">Member that tells one item from another.</param>
/// <param name="Capability">Capability that a server declares when it has such a list.</param>
internal sealed record ListKind(string Method, string Member, string Key, string Capability)
{
    public static readonly ListKind Tools = new("tools/list", "tools", "name", "tools");

    public static readonly ListKind Prompts = new("prompts/list", "prompts", "name", "prompts");

    public static readonly ListKind Resources = new("resources/list", "resources", "uri", "resources");

    public static readonly ListKind ResourceTemplates = new(
        "resources/templates/list",
        "resourceTemplates",
        "uriTemplate",
        "resources"
    );

    public static readonly IReadOnlyList<ListKind> All = [Tools, Prompts, Resources, ResourceTemplates];

    /// <summary>Whether items are told apart by URI, not by name.</summary>
    public bool IsByUri => Key is not "name";

    /// <summary>The kind that a method asks for; null for other methods.</summary>
    public static ListKind? Of(string? method) => All.FirstOrDefault(kind => kind.Method == method);

    /// <summary>The kinds that a notification of a server is about; none for other notifications.</summary>
    public static IReadOnlyCollection<ListKind> ChangedBy(string notification) =>
        [.. All.Where(kind => kind.Notification == notification)];

    /// <summary>Notification that says that the list has changed.</summary>
    public string Notification => $"notifications/{Capability}/list_changed";

    /// <summary>What tells an item from others; null where it has nothing usable.</summary>
    public string? KeyOf(JsonObject item) => item.TextOf(Key) is { Length: > 0 } key ? key : null;

    public override string ToString() => Member;
}
