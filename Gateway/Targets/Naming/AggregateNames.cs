using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using AspireGateway.Gateway.Targets.Catalogue;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Targets.Naming;

/// <summary>
/// Names of the aggregate endpoint, and back: <c>target___name</c> for tools and prompts, <c>target+uri</c> for resources and their
/// templates. With a single target everything keeps its own name.
/// </summary>
internal sealed class AggregateNames(TargetRegistry targets, IOptions<NamingOptions> options)
{
    /// <summary>The longest name that all clients of today take.</summary>
    public const int MaxLength = 64;

    // Target names are made of characters that a URI's scheme may have, and so is this: target+file:///x is a URI, and a template
    // with something in front expands to a URI with the same in front.
    private const char UriSeparator = '+';

    private const int HashLength = 8;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly bool _listAliases = options.Value.ListAliases;
    private readonly string _separator = options.Value.ToolNameSeparator;

    /// <summary>Whether names and URIs stay as the only target has them.</summary>
    public bool IsSingle { get; } = options.Value.SingleTarget;

    /// <summary>Why the aggregate endpoint cannot answer; null where it can.</summary>
    public string? Problem =>
        IsSingle && targets.All is { Count: > 1 } all
            ? $"Gateway:Mcp:SingleTarget is set, but there are {all.Count} targets, and without prefixes nobody could tell them apart. Use /mcp/{{target}}; the gateway's administrator has to remove the setting or the other targets."
            : null;

    /// <summary>The name under which a tool or prompt is listed.</summary>
    public string Listed(TargetName target, string name) =>
        _listAliases && IsLong(target, name) ? AliasOf(target, name) : Qualify(target, name);

    /// <summary>Whether a name, with its prefix, is longer than many clients allow.</summary>
    public bool IsLong(TargetName target, string name) => Qualify(target, name).Length > MaxLength;

    /// <summary>The tools and prompts with such names.</summary>
    public IReadOnlyList<LongName> LongNamesOf(TargetName target, CatalogueContents contents) =>
        [
            .. ((ListKind[])[ListKind.Tools, ListKind.Prompts])
                .SelectMany(kind => contents.Of(kind).Select(item => kind.KeyOf(item)!))
                .Where(name => IsLong(target, name))
                .Select(name => new LongName(Qualify(target, name), AliasOf(target, name))),
        ];

    /// <summary>A name of at most <see cref="MaxLength"/> that stands for a long one, always the same for the same.</summary>
    public string AliasOf(TargetName target, string name)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, HashLength / 2));
        var kept = Qualify(target, name)[..(MaxLength - HashLength - 1)];
        return $"{kept}_{hash}";
    }

    /// <summary>Whether a name could be one that <see cref="AliasOf"/> gives.</summary>
    public static bool MayBeAlias(string name) =>
        name.Length > HashLength
        && name[^(HashLength + 1)] == '_'
        && name.AsSpan(name.Length - HashLength).IndexOfAnyExcept(HexDigits) < 0;

    /// <summary>The whole name of a tool or prompt.</summary>
    public string Qualify(TargetName target, string name) => IsSingle ? name : $"{target}{_separator}{name}";

    /// <summary>The URI, or URI template, under which a resource is listed.</summary>
    public string QualifyUri(TargetName target, string uri) => IsSingle ? uri : $"{target}{UriSeparator}{uri}";

    /// <summary>Splits a listed name; false when it names no existing target. The name itself may contain the separator.</summary>
    public bool TryResolve(string qualified, out (TargetName Target, string Name) resolved) =>
        TrySplit(qualified, qualified.IndexOf(_separator, StringComparison.Ordinal), _separator.Length, out resolved);

    /// <summary>The same for a URI.</summary>
    public bool TryResolveUri(string qualified, out (TargetName Target, string Name) resolved) =>
        TrySplit(qualified, qualified.IndexOf(UriSeparator, StringComparison.Ordinal), 1, out resolved);

    private bool TrySplit(string qualified, int at, int length, out (TargetName Target, string Name) resolved)
    {
        resolved = default;
        if (IsSingle)
        {
            if (targets.All is not [var only] || qualified.Length == 0)
            {
                return false;
            }

            resolved = (only.Name, qualified);
            return true;
        }

        if (at < 0 || !TargetName.TryParse(qualified[..at], out var name) || targets.Find(name) is null)
        {
            return false;
        }

        resolved = (name, qualified[(at + length)..]);
        return resolved.Name.Length > 0;
    }
}

/// <summary>A name that some clients refuse, and the shorter one that stands for it.</summary>
internal sealed record LongName(string Name, string Alias);
