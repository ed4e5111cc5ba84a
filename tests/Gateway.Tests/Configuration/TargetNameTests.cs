using System.Text.RegularExpressions;
using CsCheck;

namespace AspireGateway.Gateway.Tests.Configuration;

/// <summary>Names of targets, which stand in paths, in environment variables and before the names of tools.</summary>
public sealed partial class TargetNameTests
{
    private static readonly string[] Alphabet = ["a", "z", "0", "9", "-", "A", "_", ".", "é", " ", "\n", "/"];

    [Theory]
    [InlineData("weather", true)]
    [InlineData("a", true)]
    [InlineData("a-1-b", true)]
    [InlineData("a2345678901234567890123456789012", true)]
    [InlineData("a23456789012345678901234567890123", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("1a", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("a--b", false)]
    [InlineData("Weather", false)]
    [InlineData("weather\n", false)]
    public void Only_lower_case_letters_digits_and_single_hyphens_make_a_name(string? text, bool isName)
    {
        TargetName.TryParse(text, out var name).ShouldBe(isName);
        name.Value.ShouldBe(isName ? text : null);
    }

    [Fact]
    public void Whatever_is_tried_is_a_name_only_if_the_rule_says_so() =>
        Gen.Int[0, Alphabet.Length - 1]
            .Select(static i => Alphabet[i])
            .Array[0, 36]
            .Select(string.Concat)
            .Sample(
                static text => TargetName.TryParse(text, out _) == (text.Length <= 32 && Rule().IsMatch(text)),
                iter: 20_000
            );

    [GeneratedRegex(@"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Rule();
}
