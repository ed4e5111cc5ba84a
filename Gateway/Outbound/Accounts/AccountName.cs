using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Outbound.Accounts;

/// <summary>
/// Reads the name of an account out of what a third party says about it. The name is for a person to recognise, and for nothing else: nobody is
/// identified by it.
/// </summary>
internal static class AccountName
{
    /// <summary>Longest name that is kept, in characters.</summary>
    public const int MaxLength = 200;

    // OpenID Connect Core §5.1, the one first by which people sign in.
    private static readonly string[] StandardClaims = ["preferred_username", "email", "name"];

    /// <summary>The name in a document.</summary>
    /// <param name="document">What the third party says.</param>
    /// <param name="member">Its member that holds the name; empty for the claims of OpenID Connect.</param>
    /// <returns>Null where it says none.</returns>
    public static string? Read(JsonObject document, string member = "")
    {
        foreach (var name in member.Length > 0 ? [member] : StandardClaims)
        {
            if (document.TextOf(name) is { } text && Clean(text) is { } clean)
            {
                return clean;
            }
        }

        return null;
    }

    // Somebody else's text, beside the gateway's own on one page: without characters that turn or hide what stands around them.
    private static string? Clean(string text)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > MaxLength)
            {
                break;
            }

            if (IsShown(rune))
            {
                clean.Append(rune);
            }
        }

        return clean.ToString().Trim() is { Length: > 0 } result ? result : null;
    }

    private static bool IsShown(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
            );
}
