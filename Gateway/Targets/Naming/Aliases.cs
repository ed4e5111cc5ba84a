using AspireGateway.Gateway.Targets.Catalogue;

namespace AspireGateway.Gateway.Targets.Naming;

/// <summary>
/// Finds the tool or prompt that is called by the short name which stands for one that is too long for some clients.
/// </summary>
internal sealed class Aliases(
    TargetRegistry targets,
    TargetCatalogue catalogue,
    PersonalCatalogue personal,
    AggregateNames names
)
{
    /// <summary>The name that an alias stands for; the same name where it is none.</summary>
    /// <param name="kind">Tools or prompts.</param>
    /// <param name="target">The target.</param>
    /// <param name="user">Who calls; they may use what only they see.</param>
    /// <param name="name">What stands behind the target's prefix.</param>
    public string Resolve(ListKind kind, TargetName target, UserId user, string name)
    {
        if (!AggregateNames.MayBeAlias(name) || targets.Find(target) is not { } found)
        {
            return name;
        }

        var known = new[] { catalogue.Get(target).Contents, personal.Peek(found, user) }
            .OfType<CatalogueContents>()
            .SelectMany(contents => contents.Of(kind))
            .Select(item => kind.KeyOf(item)!)
            .ToList();
        return known.Contains(name, StringComparer.Ordinal)
            ? name
            : known.Find(own => names.IsLong(target, own) && names.AliasOf(target, own) == names.Qualify(target, name))
                ?? name;
    }
}
