namespace AspireGateway.Gateway;

/// <summary>A token, key or password. Prints as <c>[redacted]</c>, so that it does not end in a log by mistake.</summary>
internal sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>The value itself, for the one place that sends or seals it.</summary>
    public string Reveal() => value;

    public bool Equals(Secret? other) =>
        other is not null
        && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(value),
            System.Text.Encoding.UTF8.GetBytes(other.Reveal())
        );

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "[redacted]";
}
