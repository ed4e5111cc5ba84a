using AspireGateway.AppHost.Keycloak;

namespace AspireGateway.AppHost.Tests.IdentityProviders;

/// <summary>A folder that looks like a Keycloak distribution, whose program is a few lines of shell.</summary>
internal sealed class FakeKeycloak : IDisposable
{
    /// <summary>Compiles as the real one does, and would then run.</summary>
    public const string Compiles = """
        if [ -n "$KC_DB_URL" ]; then
          echo run >> "$(dirname "$0")/../../runs"
          echo compiled > "$(dirname "$0")/../lib/quarkus/generated-bytecode.jar"
          echo 'Running the server in development mode. DO NOT use this configuration in production.'
          exec sleep 600
        fi
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fake-keycloak-");

    public FakeKeycloak(string script = Compiles, string version = "Keycloak - Version 26.7.1")
    {
        Write("bin/kc.sh", "#!/bin/sh\n" + script);
        Write("bin/kc.bat", "rem no tests of it");
        Write("conf/keycloak.conf", "db=postgres");
        Write("conf/cache-ispn.xml", "<infinispan/>");
        Write("lib/quarkus-run.jar", "runner");
        Write("lib/quarkus/generated-bytecode.jar", "as delivered");
        Write("lib/app/app.jar", "app");
        Write("lib/lib/main/library.jar", "library");
        Write("version.txt", version);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                Path.Combine(Home, "bin", "kc.sh"),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        }
    }

    /// <summary>What KEYCLOAK_HOME would name.</summary>
    public string Home => Path.Combine(_folder.FullName, "keycloak-26");

    /// <summary>Where compiled parts are kept.</summary>
    public string Cache => Path.Combine(_folder.FullName, "cache");

    /// <summary>Where Keycloak runs.</summary>
    public string Overlay => Path.Combine(_folder.FullName, "data", "keycloak");

    /// <summary>Some realm files.</summary>
    public RealmFiles Realms
    {
        get
        {
            Directory.CreateDirectory(RealmsFolder);
            var file = Path.Combine(RealmsFolder, "corp-realm.json");
            if (!File.Exists(file))
            {
                File.WriteAllText(file, """{ "realm": "corp" }""");
            }

            return new RealmFiles(RealmsFolder);
        }
    }

    public string RealmsFolder => Path.Combine(_folder.FullName, "realms");

    public KeycloakInstallation Installation => KeycloakInstallation.Find(Home);

    /// <summary>How often it has compiled itself.</summary>
    public int Compilations
    {
        get
        {
            var file = Path.Combine(Cache, "runs");
            return File.Exists(file) ? File.ReadAllLines(file).Length : 0;
        }
    }

    /// <summary>Every file of the installation with its content and time.</summary>
    public IReadOnlyList<string> Snapshot() =>
        [
            .. Directory
                .EnumerateFiles(Home, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(static file => $"{file} {File.GetLastWriteTimeUtc(file).Ticks} {File.ReadAllText(file)}"),
        ];

    public static void SkipOnWindows() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for Keycloak is a shell script.");

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string file, string content)
    {
        var path = Path.Combine(Home, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
