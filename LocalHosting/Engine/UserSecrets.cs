using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>Writes generated parameters where Aspire writes them: the AppHost's user secrets, outside the repository.</summary>
internal static class UserSecrets
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Best effort: where it fails, the next run generates another value.</summary>
    public static bool TryStore(IDistributedApplicationBuilder builder, string key, string value)
    {
        var id = builder.AppHostAssembly?.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId;
        if (id is null || PortPlan.IsRandom(builder.Configuration))
        {
            // Dynamic ports are for tests: they leave nothing behind.
            return false;
        }

        try
        {
            Store(PathHelper.GetSecretsPathFromSecretsId(id), key, value);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }

    internal static void Store(string file, string key, string value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var content = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))?.AsObject() ?? [] : [];
        content[key] = value;
        var temporary = $"{file}.{Environment.ProcessId}";
        var mode = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(temporary, mode))
        {
            writer.Write(content.ToJsonString(Indented));
        }

        File.Move(temporary, file, overwrite: true);
    }
}
