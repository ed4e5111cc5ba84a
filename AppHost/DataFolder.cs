using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.AppHost;

/// <summary>Where resources keep what must survive a restart: registrations, grants, audit.</summary>
internal static class DataFolder
{
    private const string Setting = "DataFolder";

    /// <summary>
    /// A folder of the user account, different for each clone of the repository; or below the one that the setting
    /// <c>DataFolder</c> names.
    /// </summary>
    public static string Of(IDistributedApplicationBuilder builder, string resource) =>
        Path.Combine(builder.Configuration[Setting] ?? Default(builder.AppHostDirectory), resource);

    /// <summary>
    /// What can be made again but takes long, the same for every clone; or the folder that the setting <c>CacheFolder</c> names.
    /// </summary>
    public static string Cache(IDistributedApplicationBuilder builder) =>
        builder.Configuration["CacheFolder"] ?? Path.Combine(OfAccount, "cache");

    private static string OfAccount =>
        Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.DoNotVerify
            ),
            "AspireGateway"
        );

    private static string Default(string appHostDirectory)
    {
        var clone = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(appHostDirectory)))[..8];
        return Path.Combine(OfAccount, clone);
    }
}
