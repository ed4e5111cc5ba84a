using System.Text;

namespace AspireGateway.Gateway.Outbound.Discovery;

/// <summary>The <c>Bearer</c> challenge of a <c>WWW-Authenticate</c> header (RFC 9110 §11.6.1, RFC 6750 §3).</summary>
/// <param name="Error">RFC 6750 error code.</param>
/// <param name="Scope">Scopes that the operation needs.</param>
/// <param name="ResourceMetadata">URL of the protected resource metadata (RFC 9728 §5.1).</param>
internal sealed record BearerChallenge(string? Error, ScopeSet? Scope, string? ResourceMetadata)
{
    private const int MaxLength = 8 * 1024;

    /// <summary>Finds the first Bearer challenge; null when there is none, or the header cannot be understood.</summary>
    public static BearerChallenge? Parse(string? header)
    {
        if (header is null || header.Length > MaxLength)
        {
            return null;
        }

        var reader = new ChallengeReader(header);
        while (reader.TryReadScheme(out var scheme))
        {
            var parameters = reader.ReadParameters();
            if (parameters is null)
            {
                return null;
            }

            if (string.Equals(scheme, "Bearer", StringComparison.OrdinalIgnoreCase))
            {
                return new BearerChallenge(
                    parameters.GetValueOrDefault("error"),
                    parameters.TryGetValue("scope", out var scope) ? ScopeSet.Parse(scope) : null,
                    parameters.GetValueOrDefault("resource_metadata")
                );
            }
        }

        return null;
    }

    private ref struct ChallengeReader(ReadOnlySpan<char> rest)
    {
        private ReadOnlySpan<char> _rest = rest;

        public bool TryReadScheme(out string scheme)
        {
            SkipSeparators();
            scheme = ReadToken();
            return scheme.Length > 0;
        }

        /// <summary>Null for a malformed list; a parameter that comes twice counts as malformed.</summary>
        public Dictionary<string, string>? ReadParameters()
        {
            var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (true)
            {
                var before = _rest;
                SkipSeparators();
                var name = ReadToken();
                SkipSpaces();
                if (name.Length == 0 || _rest.IsEmpty || _rest[0] != '=')
                {
                    // The scheme of the next challenge, or the end.
                    _rest = before;
                    return _rest.TrimStart(", \t").IsEmpty || name.Length > 0 ? parameters : null;
                }

                _rest = _rest[1..];
                SkipSpaces();
                if (ReadValue() is not { } value || !parameters.TryAdd(name, value))
                {
                    return null;
                }
            }
        }

        private string? ReadValue()
        {
            if (_rest.IsEmpty || _rest[0] != '"')
            {
                var token = ReadToken();
                return token.Length > 0 ? token : null;
            }

            var value = new StringBuilder();
            for (var i = 1; i < _rest.Length; i++)
            {
                if (_rest[i] == '"')
                {
                    _rest = _rest[(i + 1)..];
                    return value.ToString();
                }

                i += _rest[i] == '\\' && i + 1 < _rest.Length ? 1 : 0;
                value.Append(_rest[i]);
            }

            return null;
        }

        private string ReadToken()
        {
            var length = 0;
            while (length < _rest.Length && IsTokenCharacter(_rest[length]))
            {
                length++;
            }

            var token = _rest[..length].ToString();
            _rest = _rest[length..];
            return token;
        }

        private void SkipSeparators() => _rest = _rest.TrimStart(", \t");

        private void SkipSpaces() => _rest = _rest.TrimStart(" \t");

        private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c);
    }
}
