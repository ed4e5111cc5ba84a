using System.Text.RegularExpressions;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.Tests.Architecture;

/// <summary>A row of the threat model is worth what its test is worth, so the test has to exist.</summary>
public sealed partial class ThreatModelTests
{
    [Fact]
    public async Task Every_test_that_the_threat_model_names_exists()
    {
        var text = await File.ReadAllTextAsync(
            Repository.File("docs/threat-model.md"),
            TestContext.Current.CancellationToken
        );
        var tests = typeof(ThreatModelTests)
            .Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet(StringComparer.Ordinal);

        var named = TestName().Matches(text).Select(static match => match.Groups["name"].Value).ToList();

        named.Count.ShouldBeGreaterThan(20);
        named.Except(tests, StringComparer.Ordinal).Where(static name => !IsElsewhere(name)).ShouldBeEmpty();
        Script().Matches(text).Select(static match => match.Value).ShouldAllBe(static path => HasFile(path));
    }

    // A test of another project, which this one cannot load: its class has a file of its name.
    private static bool IsElsewhere(string name)
    {
        var (type, method) = (name.Split('.')[0], name.Split('.')[1]);
        return Directory
            .EnumerateFiles(Repository.File("tests"), type + ".cs", SearchOption.AllDirectories)
            .Any(path => File.ReadAllText(path).Contains($" {method}(", StringComparison.Ordinal));
    }

    private static bool HasFile(string path) => File.Exists(Repository.File(path));

    [GeneratedRegex(@"eng/[\w-]+\.sh", RegexOptions.None, 1000)]
    private static partial Regex Script();

    [GeneratedRegex(@"`(?<name>\w+(Tests|Properties)\.\w+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestName();
}
