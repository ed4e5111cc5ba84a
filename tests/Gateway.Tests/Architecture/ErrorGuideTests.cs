using System.Reflection;
using System.Text.RegularExpressions;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.Tests.Architecture;

/// <summary>Every code of a refusal has its place in the guide, and everything in the guide can happen.</summary>
public sealed partial class ErrorGuideTests
{
    private static readonly Dictionary<string, string> Codes = typeof(ErrorCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(static field => field.IsLiteral)
        .ToDictionary(
            static field => field.Name,
            static field => (string)field.GetRawConstantValue()!,
            StringComparer.Ordinal
        );

    [Fact]
    public void The_guide_has_a_cause_and_a_fix_for_each_code_and_for_nothing_else()
    {
        var guide = File.ReadAllText(Repository.File("docs/errors.md"));
        var sections = Section().Matches(guide).Select(static match => match.Groups["code"].Value).ToList();

        sections.ShouldBeUnique();
        sections.Order(StringComparer.Ordinal).ShouldBe(Codes.Values.Order(StringComparer.Ordinal));
        sections.Count.ShouldBe(guide.Split("**Fix:**").Length - 1);
    }

    [Fact]
    public void Every_code_is_used()
    {
        var source = string.Concat(Sources().Select(static source => source.Text));

        Codes
            .Keys.Where(name =>
                !Regex.IsMatch(source, $@"\bErrorCodes\.{name}\b", RegexOptions.None, TimeSpan.FromSeconds(5))
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_refusal_has_a_code_of_its_own()
    {
        var own = Sources()
            .SelectMany(static source =>
                OwnCode().Matches(source.Text).Select(match => $"{source.Path}: {match.Groups["code"].Value}")
            );

        own.ShouldBeEmpty("Give the code a constant in ErrorCodes.cs, and a section in docs/errors.md.");
    }

    [Theory]
    [InlineData("new Refusal(\n    StatusCodes.Status403Forbidden,\n    \"own_code\",", "own_code")]
    [InlineData("Refusal Malformed = Refusal.InvalidToken(\n \"own_code\",", "own_code")]
    [InlineData("new McpRequestProblem(JsonRpcCodes.InvalidRequest, \"own_code\", text)", "own_code")]
    [InlineData("AdminProblem Not() =>\n new(\n StatusCodes.Status404NotFound,\n \"own_code\",", "own_code")]
    [InlineData("span?.Fail(\"own_code\");", "own_code")]
    [InlineData("request.Outcome = \"own_code\";", "own_code")]
    [InlineData("request.Outcome = \"cancelled\";", null)]
    [InlineData("new Refusal(StatusCodes.Status403Forbidden, ErrorCodes.WrongUser, \"Words\")", null)]
    public void The_rule_finds_a_code_of_its_own(string source, string? code) =>
        OwnCode().Matches(source).Select(static match => match.Groups["code"].Value).SingleOrDefault().ShouldBe(code);

    [Fact]
    public void What_is_behind_a_colon_is_not_part_of_the_link() =>
        ErrorCodes.HelpOf("invalid_token_response:expires_in").ShouldBe("docs/errors.md#invalid_token_response");

    private static IEnumerable<(string Path, string Text)> Sources() =>
        Directory
            .EnumerateFiles(Repository.File("Gateway"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => Path.GetFileName(path) != "ErrorCodes.cs")
            .Select(static path => (path, File.ReadAllText(path)));

    [GeneratedRegex(@"^### (?<code>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Section();

    // The first literal among the arguments that come before the words; and what a span or a call says of itself.
    [GeneratedRegex(
        """
            \b(new|Refusal|InvalidToken|ConnectRefusal|AdminProblem|McpRequestProblem|OutboundProblem|Unavailable|Problems\.Of|McpReply\.Fail|RefreshResult\.Failed|TokenResult\.Failure)
                (\s+\w+\s+=\s+new)?\(\s*([\w.]+,\s*)?"(?<code>[a-z]+(_[a-z]+)*)",
            | \bspan\?\.Fail\("(?<code>\w+)"\)
            | \.Outcome\s=\s"(?!ok"|cancelled"|answered_from_catalogue")(?<code>\w+)"
            """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace,
        1000
    )]
    private static partial Regex OwnCode();
}
