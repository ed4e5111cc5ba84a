using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>What a client declared that it can be asked by servers during a call (MCP client capabilities).</summary>
[Flags]
internal enum ClientAbilities
{
    None = 0,

    /// <summary>Elicitation by a form.</summary>
    Forms = 1,

    /// <summary>Elicitation by a link that the person opens.</summary>
    Links = 2,

    /// <summary>Sampling.</summary>
    Sampling = 4,

    /// <summary>Sampling with tools.</summary>
    SamplingTools = 8,

    /// <summary>Sampling with context of other servers.</summary>
    SamplingContext = 16,

    /// <summary>Telling its roots.</summary>
    Roots = 32,
}

/// <summary>Client capabilities in their JSON form.</summary>
internal static class ClientCapabilitiesJson
{
    private const int Combinations = 64;

    private static readonly string[] Written = [.. Enumerable.Range(0, Combinations).Select(Build)];

    /// <summary>Reads them; null declares nothing.</summary>
    public static ClientAbilities Read(JsonNode? capabilities)
    {
        if (capabilities is not JsonObject declared)
        {
            return ClientAbilities.None;
        }

        var abilities = ClientAbilities.None;
        if (declared["elicitation"] is JsonObject elicitation)
        {
            // Before 2025-11-25 there was one mode without a name, the form.
            var links = elicitation["url"] is JsonObject;
            abilities |= links ? ClientAbilities.Links : ClientAbilities.None;
            abilities |= elicitation["form"] is JsonObject || !links ? ClientAbilities.Forms : ClientAbilities.None;
        }

        if (declared["sampling"] is JsonObject sampling)
        {
            abilities |= ClientAbilities.Sampling;
            abilities |= sampling["tools"] is JsonObject ? ClientAbilities.SamplingTools : ClientAbilities.None;
            abilities |= sampling["context"] is JsonObject ? ClientAbilities.SamplingContext : ClientAbilities.None;
        }

        return declared["roots"] is JsonObject ? abilities | ClientAbilities.Roots : abilities;
    }

    /// <summary>Writes them as JSON, without members that concern others: what the gateway passes on it can relay.</summary>
    public static string Write(ClientAbilities abilities) => Written[(int)abilities];

    /// <summary>Whether a request of a server may be put to a client with these abilities.</summary>
    public static bool Allow(this ClientAbilities abilities, string method, JsonNode? parameters) =>
        method switch
        {
            "elicitation/create" => abilities.HasFlag(
                parameters?["mode"]?.ToString() is "url" ? ClientAbilities.Links : ClientAbilities.Forms
            ),
            "sampling/createMessage" => abilities.HasFlag(
                parameters?["tools"] is null
                    ? ClientAbilities.Sampling
                    : ClientAbilities.Sampling | ClientAbilities.SamplingTools
            ),
            "roots/list" => abilities.HasFlag(ClientAbilities.Roots),
            _ => false,
        };

    private static string Build(int combination)
    {
        var abilities = (ClientAbilities)combination;
        var all = new JsonObject();
        var elicitation = Members((ClientAbilities.Forms, "form"), (ClientAbilities.Links, "url"));
        if (elicitation.Count > 0)
        {
            all["elicitation"] = elicitation;
        }

        if (abilities.HasFlag(ClientAbilities.Sampling))
        {
            all["sampling"] = Members(
                (ClientAbilities.SamplingTools, "tools"),
                (ClientAbilities.SamplingContext, "context")
            );
        }

        if (abilities.HasFlag(ClientAbilities.Roots))
        {
            all["roots"] = new JsonObject();
        }

        return all.ToJsonString();

        JsonObject Members(params ReadOnlySpan<(ClientAbilities Ability, string Name)> members)
        {
            var present = new JsonObject();
            foreach (var (ability, name) in members)
            {
                if (abilities.HasFlag(ability))
                {
                    present[name] = new JsonObject();
                }
            }

            return present;
        }
    }
}
