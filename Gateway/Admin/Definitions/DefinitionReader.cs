using AspireGateway.Gateway.Admin.Requests;
using AspireGateway.Gateway.Targets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Admin.Definitions;

/// <summary>Reads a definition from a request and checks it, so that all mistakes are told at once.</summary>
internal sealed class DefinitionReader(DefinitionChecks checks)
{
    /// <summary>Reads it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">Name in the path; null where the body has it.</param>
    /// <param name="former">What it replaces, with the secrets that may stay; null for a new target.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<ReadDefinition> ReadAsync(
        HttpContext context,
        string? path,
        TargetSettings? former,
        CancellationToken cancel
    )
    {
        var body = await StrictBody.ReadAsync<TargetSettings>(context.Request, cancel);
        if (body.Problem is { } problem)
        {
            return new ReadDefinition(null, problem.ToResult());
        }

        var mistakes = new List<Mistake>();
        if (body.Value is { } settings)
        {
            var name = path ?? settings.Name;
            context.Items[AdminRecorder.CreatedName] = name;
            mistakes.AddRange(CheckName(name, settings));
            mistakes.AddRange(CheckSecrets(settings, former));
            settings = former is null ? settings : settings.WithSecretsOf(former);
            mistakes.AddRange(await checks.CheckAsync(name, settings, cancel));
            if (mistakes.Count + body.Mistakes.Count == 0 && TargetName.TryParse(name, out var parsed))
            {
                return new ReadDefinition((parsed, settings), null);
            }
        }

        return new ReadDefinition(null, Refuse(body.Mistakes, mistakes));
    }

    private static IEnumerable<Mistake> CheckName(string name, TargetSettings settings) =>
        settings.Name.Length > 0 && settings.Name != name
            ? [new("", $"is '{settings.Name}', but the path says '{name}'. A target keeps its name.")]
            : [];

    // A secret belongs to the server that it was given for, and is not shown to another one.
    private static IEnumerable<Mistake> CheckSecrets(TargetSettings settings, TargetSettings? former) =>
        settings.HidesSecrets && (former is null || !settings.IsSameParty(former))
            ?
            [
                new(
                    "AuthorizationCode:ClientSecret",
                    former is null
                        ? $"is {TargetSettings.Hidden}, but there is no former one to keep. Give it."
                        : "belongs to the former server, client or URL. Give the one for the new."
                ),
            ]
            : [];

    private static ProblemHttpResult Refuse(
        IReadOnlyDictionary<string, string[]> members,
        IReadOnlyList<Mistake> mistakes
    ) =>
        AdminProblem.Invalid(
            members
                .SelectMany(static member => member.Value.Select(text => (member.Key, Text: text)))
                .Concat(mistakes.Select(static mistake => (Key: MemberOf(mistake.Setting), mistake.Text)))
                .GroupBy(static mistake => mistake.Key, static mistake => mistake.Text, StringComparer.Ordinal)
                .ToDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal)
        );

    // The names of the configuration, as JSON spells them.
    private static string MemberOf(string setting) =>
        setting.Length == 0
            ? "name"
            : string.Join('.', setting.Split(':').Select(static part => char.ToLowerInvariant(part[0]) + part[1..]));
}

/// <summary>A definition without mistakes, or the answer that names them.</summary>
internal readonly record struct ReadDefinition(
    (TargetName Name, TargetSettings Settings)? Definition,
    ProblemHttpResult? Refusal
);
