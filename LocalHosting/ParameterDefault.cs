using System.Security.Cryptography;

namespace AspireGateway.LocalHosting;

/// <summary>Value of a parameter that configuration does not give.</summary>
public abstract class ParameterDefault
{
    /// <summary>The value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A random value, for credentials that only have to be the same at both ends.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string Others = "-_.{}~()*+!";

    /// <summary>Number of characters.</summary>
    public int MinLength { get; set; }

    /// <summary>Whether characters other than letters and digits may occur.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc />
    public override string GetDefaultValue() =>
        RandomNumberGenerator.GetString(Letters + Digits + (Special ? Others : string.Empty), Math.Max(MinLength, 22));
}
