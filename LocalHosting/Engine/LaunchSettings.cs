using System.Text.Json;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>A project's <c>Properties/launchSettings.json</c>, as far as it says how the project is run.</summary>
internal sealed class LaunchSettings
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    private readonly string _source;
    private readonly IReadOnlyList<LaunchProfile> _profiles;

    private LaunchSettings(string source, IReadOnlyList<LaunchProfile> profiles)
    {
        _source = source;
        _profiles = profiles;
    }

    public static LaunchSettings Read(string projectPath)
    {
        var file = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(file))
        {
            return new LaunchSettings(file, []);
        }

        var content = JsonSerializer.Deserialize<FileContent>(File.ReadAllText(file), Json);
        var profiles = (content?.Profiles ?? []).Select(static entry => entry.Value with { Name = entry.Key });
        return new LaunchSettings(file, [.. profiles.Where(static profile => profile.CommandName == "Project")]);
    }

    public LaunchProfile Get(string name) =>
        _profiles.FirstOrDefault(profile => profile.Name == name)
        ?? throw new DistributedApplicationException(
            $"There is no launch profile '{name}' in {_source}; there are: {string.Join(", ", _profiles.Select(static profile => profile.Name))}."
        );

    /// <summary>The profile with which the AppHost itself was started, where the project has one of that name; else its first.</summary>
    public LaunchProfile? FindDefault(string? appHostProfile) =>
        _profiles.FirstOrDefault(profile => profile.Name == appHostProfile)
        ?? (_profiles.Count > 0 ? _profiles[0] : null);

    private sealed record FileContent(Dictionary<string, LaunchProfile>? Profiles);
}

/// <summary>One way to run a project.</summary>
internal sealed record LaunchProfile(
    string? CommandName,
    string? ApplicationUrl,
    Dictionary<string, string>? EnvironmentVariables
)
{
    public string Name { get; init; } = string.Empty;
}
