using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol;

namespace AspireGateway.SampleMcpServer.Everything.Asking;

/// <summary>
/// Request states, which clients carry between two rounds: signed, since they could carry anything back. The key is this
/// process's own; a state does not outlive it.
/// </summary>
internal sealed class SignedStates
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>A state to send.</summary>
    public string Sign(string value) => $"{value}.{Signature(value)}";

    /// <summary>What was signed.</summary>
    /// <exception cref="McpProtocolException">The state is missing, or not as it was sent.</exception>
    public string Read(string? state)
    {
        if (state?.LastIndexOf('.') is { } dot and >= 0)
        {
            var value = state[..dot];
            if (
                CryptographicOperations.FixedTimeEquals(
                    Encoding.UTF8.GetBytes(Signature(value)),
                    Encoding.UTF8.GetBytes(state[(dot + 1)..])
                )
            )
            {
                return value;
            }
        }

        throw new McpProtocolException("requestState is not what this server sent.", McpErrorCode.InvalidParams);
    }

    private string Signature(string value) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(value)));
}
