using System.Reflection;
using AspireGateway.TestKit;
using NetArchTest.Rules;

namespace AspireGateway.Gateway.Tests.Architecture;

/// <summary>The directions of <c>docs/architecture.md</c>: a feature uses what is below it, and never a sibling.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "AspireGateway.Gateway";

    private static readonly Assembly Gateway = typeof(GatewayOptions).Assembly;

    // From the top down; a feature may use the levels below its own, and the vocabulary in the project's root.
    private static readonly string[][] Levels =
    [
        ["Admin", "Mcp"],
        ["Policies", "Outbound", "OAuthProxy"],
        ["Targets", "Inbound", "Vault"],
        ["Audit"],
        ["Telemetry"],
    ];

    private static readonly Dictionary<string, string[]> MustNotKnow = new(StringComparer.Ordinal)
    {
        ["Audit"] = ["Microsoft.AspNetCore", "ModelContextProtocol"],
        ["Vault"] = ["Microsoft.AspNetCore.Http", "ModelContextProtocol"],
        ["Inbound"] = [$"{Root}.Targets", $"{Root}.Vault", $"{Root}.Policies", "ModelContextProtocol"],
        ["Policies"] = [$"{Root}.Outbound", $"{Root}.Vault"],
        ["Outbound"] = [$"{Root}.Mcp", $"{Root}.Admin"],
        ["OAuthProxy"] = [$"{Root}.Outbound", $"{Root}.Mcp"],
        ["Mcp"] = ["Microsoft.EntityFrameworkCore"],
        ["Targets"] = [$"{Root}.Outbound", $"{Root}.Inbound"],
    };

    public static TheoryData<string> Features => [.. Levels.SelectMany(static level => level)];

    [Theory]
    [MemberData(nameof(Features))]
    public void A_feature_uses_only_what_is_below_it(string feature)
    {
        var level = Array.FindIndex(Levels, level => level.Contains(feature, StringComparer.Ordinal));
        var forbidden = Levels[..(level + 1)]
            .SelectMany(static names => names)
            .Where(name => name != feature)
            .Select(static name => $"{Root}.{name}")
            .Concat(MustNotKnow.GetValueOrDefault(feature, []))
            .ToArray();

        var result = Types
            .InAssembly(Gateway)
            .That()
            .ResideInNamespace($"{Root}.{feature}")
            .ShouldNot()
            .HaveDependencyOnAny(forbidden)
            .GetResult();

        (result.FailingTypeNames ?? []).ShouldBeEmpty();
    }

    [Fact]
    public void The_vocabulary_in_the_root_knows_no_feature_but_telemetry()
    {
        var features = Levels
            .SelectMany(static level => level)
            .Where(static name => name != "Telemetry")
            .Select(static name => $"{Root}.{name}")
            .ToArray();

        var result = Types
            .InAssembly(Gateway)
            .That()
            .ResideInNamespaceMatching($"^{Root.Replace(".", "\\.")}$")
            .ShouldNot()
            .HaveDependencyOnAny(features)
            .GetResult();

        (result.FailingTypeNames ?? []).ShouldBeEmpty();
    }

    [Fact]
    public void The_rule_finds_a_dependency_that_exists()
    {
        var result = Types
            .InAssembly(Gateway)
            .That()
            .ResideInNamespace($"{Root}.Mcp")
            .ShouldNot()
            .HaveDependencyOn($"{Root}.Targets")
            .GetResult();

        result.IsSuccessful.ShouldBeFalse();
    }

    [Fact]
    public void Every_folder_of_the_gateway_is_a_feature_of_the_picture()
    {
        var known = Levels.SelectMany(static level => level).ToHashSet(StringComparer.Ordinal);
        var folders = Gateway
            .GetTypes()
            .Select(static type => type.Namespace)
            .Where(static name => name?.StartsWith(Root + ".", StringComparison.Ordinal) is true)
            .Select(static name => name![(Root.Length + 1)..].Split('.')[0])
            .Distinct(StringComparer.Ordinal);

        folders.Except(known, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Types_of_the_gateway_are_internal_and_sealed_or_abstract()
    {
        var open = Gateway
            .GetTypes()
            .Where(static type => type.IsClass && type.Namespace?.StartsWith(Root, StringComparison.Ordinal) is true)
            // The Razor compiler makes its classes public.
            .Where(static type => type.Namespace?.EndsWith(".Pages", StringComparison.Ordinal) is not true)
            .Where(static type => type.IsPublic || (!type.IsSealed && !type.IsAbstract))
            .Select(static type => type.FullName);

        open.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Gateway/Program.cs", 60)]
    [InlineData("AppHost/AppHost.cs", 60)]
    public void Tables_of_contents_stay_short(string file, int lines) =>
        File.ReadLines(Repository.File(file)).Count().ShouldBeLessThanOrEqualTo(lines);
}
