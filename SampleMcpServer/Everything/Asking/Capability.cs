using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything.Asking;

/// <summary>A server asks a client only what the client has declared that it can answer.</summary>
internal static class Capability
{
    /// <summary>Whether the client has declared that it answers this question.</summary>
    public static bool Covers(MessageContext request, InputRequest question)
    {
        var declared = ClientOf.Capabilities(request);
        return question.Method switch
        {
            RequestMethods.SamplingCreateMessage => declared.Sampling is not null,
            RequestMethods.RootsList => declared.Roots is not null,
            // An empty declaration means forms; it is from when there were only these.
            _ when question.ElicitationParams?.Mode is "url" => declared.Elicitation?.Url is not null,
            _ => declared.Elicitation is { } elicitation && (elicitation.Form is not null || elicitation.Url is null),
        };
    }

    /// <summary>Refuses the request otherwise.</summary>
    /// <exception cref="McpException">The client has not. Where there is a code for that, it is -32021.</exception>
    public static void Require(MessageContext request, InputRequest question)
    {
        if (Covers(request, question))
        {
            return;
        }

        if (!ClientOf.IsModern(request))
        {
            throw new McpException($"This needs a client that answers {question.Method}, and this one does not.");
        }

        throw new MissingRequiredClientCapabilityException(
            question.Method switch
            {
                RequestMethods.SamplingCreateMessage => new() { Sampling = new() },
                RequestMethods.RootsList => new() { Roots = new() },
                _ when question.ElicitationParams?.Mode is "url" => new() { Elicitation = new() { Url = new() } },
                _ => new() { Elicitation = new() { Form = new() } },
            }
        );
    }
}
