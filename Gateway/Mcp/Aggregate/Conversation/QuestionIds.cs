using System.Security.Cryptography;
using System.Text;
using AspireGateway.Gateway.Mcp.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>
/// JSON-RPC ids of the gateway's requests to clients: sealed for the session and its person, so that any replica knows a genuine one without
/// looking anything up, and nobody can invent one.
/// </summary>
internal sealed class QuestionIds(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("AspireGateway.ClientQuestion.v1");

    /// <summary>A new id.</summary>
    public string Create(FoundSession session) =>
        WebEncoders.Base64UrlEncode(Of(session).Protect(RandomNumberGenerator.GetBytes(16)));

    /// <summary>Whether an id was given to this session.</summary>
    public bool IsOf(FoundSession session, string id)
    {
        try
        {
            return Of(session).Unprotect(WebEncoders.Base64UrlDecode(id)).Length > 0;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return false;
        }
    }

    private IDataProtector Of(FoundSession session) =>
        _protector.CreateProtector(
            session.Session.Issuer,
            session.Session.Subject,
            Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(session.Id)))
        );
}
