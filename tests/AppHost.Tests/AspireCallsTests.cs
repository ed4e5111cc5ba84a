using System.Reflection;

namespace AspireGateway.AppHost.Tests;

/// <summary>
/// The local engine offers nothing that Aspire does not have. The list of what both have was compared with Aspire's sources;
/// this holds the list and the engine together.
/// </summary>
public sealed class AspireCallsTests
{
    private const string Record = "docs/adr/0006-aspire-calls.md";
    private const string Start = "```text\n";

    private static readonly string[] Namespaces = ["AspireGateway.LocalHosting", "AspireGateway.LocalHosting.Testing"];

    private static IReadOnlyList<string> Offered =>
        [
            .. PublicMembers
                .Of(
                    typeof(DistributedApplication)
                        .Assembly.GetExportedTypes()
                        .Where(static type => Namespaces.Contains(type.Namespace))
                )
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void Every_public_member_of_the_local_engine_is_a_call_of_Aspire_that_the_list_has_and_the_list_has_no_other()
    {
        var listed = ReadList();

        var unlisted = Offered.Except(listed, StringComparer.Ordinal).ToList();
        var stale = listed.Except(Offered, StringComparer.Ordinal).ToList();

        (unlisted.Count + stale.Count).ShouldBe(0, Explain(unlisted, stale));
    }

    [Fact]
    public void Nothing_is_public_outside_the_application_model()
    {
        typeof(DistributedApplication)
            .Assembly.GetExportedTypes()
            .Where(static type => !Namespaces.Contains(type.Namespace))
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_member_is_written_with_all_that_a_caller_can_depend_on()
    {
        Offered.ShouldContain(
            "static IResourceBuilder<T> ResourceBuilderExtensions.WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, "
                + "string? path = null, int? statusCode = null, string? endpointName = null) where T : IResourceWithEndpoints"
        );
        Offered.ShouldContain("string? ResourceUrlAnnotation.DisplayText { get; set; }");
        Offered.ShouldContain("EndpointProperty.Port = 3");
        Offered.ShouldContain("ProjectResource : IResourceWithServiceDiscovery");
    }

    private static string Explain(IReadOnlyList<string> unlisted, IReadOnlyList<string> stale) =>
        string.Join(
            Environment.NewLine,
            [
                "",
                .. unlisted.Select(static line => $"not in {Record}: {line}"),
                .. stale.Select(static line => $"no longer offered:  {line}"),
                "Look each new line up in Aspire's public API (src/Aspire.Hosting/api/Aspire.Hosting.cs at the tag that "
                    + "the list names). Where it is there, add the line to the list; where it is not, make the member internal.",
            ]
        );

    private static List<string> ReadList()
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFolder(), Record)).ReplaceLineEndings("\n");
        var start = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        var block = text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
        return [.. block.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string RepositoryFolder()
    {
        var appHost = typeof(Projects.AppHost).Assembly;
        var folder = appHost
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(static entry => entry.Key == "AppHostProjectPath")
            .Value!;
        return Path.GetDirectoryName(folder)!;
    }
}
