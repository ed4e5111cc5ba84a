using AspireGateway.Gateway.Inbound.Tokens;
using CsCheck;

namespace AspireGateway.Gateway.Tests.Inbound;

/// <summary>The reader of <c>Authorization</c>, for any header whatsoever.</summary>
public sealed class AuthorizationHeaderProperties
{
    private const int Cases = 20_000;
    private const string Token68 = "abcXYZ019-._~+/";

    private static readonly Gen<string> Tokens =
        from body in Gen.Char[Token68].Array[1, 40]
        from padding in Gen.Int[0, 2]
        select new string(body) + new string('=', padding);

    [Fact]
    public void A_token_in_the_form_of_the_standard_is_read_as_it_is() =>
        Tokens.Sample(
            static token =>
                AuthorizationHeader.Read("Bearer " + token, out var read) == AuthorizationHeaderKind.Bearer
                && read.SequenceEqual(token),
            iter: Cases
        );

    [Fact]
    public void A_token_with_any_other_character_is_malformed() =>
        Gen.Select(Tokens, Gen.Char, Gen.Int[0, 40])
            .Where(static (_, c, _) => !Token68.Contains(c) && !char.IsAsciiLetterOrDigit(c) && c != '=')
            .Sample(
                static (token, c, at) =>
                    AuthorizationHeader.Read("Bearer " + token.Insert(Math.Min(at, token.Length), c.ToString()), out _)
                    == AuthorizationHeaderKind.Malformed,
                iter: Cases
            );

    [Fact]
    public void Whatever_is_sent_is_read_without_an_exception_and_never_longer_than_the_limit() =>
        Gen.String.Sample(
            static header =>
                AuthorizationHeader.Read(header, out var token) != AuthorizationHeaderKind.Bearer
                || (
                    token.Length <= AuthorizationHeader.MaxTokenLength
                    && header.EndsWith(token.ToString(), StringComparison.Ordinal)
                ),
            iter: Cases
        );
}
