using AspireGateway.AppHost.Keycloak;

namespace AspireGateway.AppHost.Tests.IdentityProviders;

public sealed class HomeTests : IDisposable
{
    private readonly FakeKeycloak _keycloak = new();

    private string Data => Path.Combine(_keycloak.Overlay, "data");

    private string Database => Path.Combine(Data, "h2", "keycloakdb.mv.db");

    public void Dispose() => _keycloak.Dispose();

    [Fact]
    public void The_installation_stays_as_it_is_and_its_libraries_are_linked()
    {
        var before = _keycloak.Snapshot();

        Prepare();
        File.WriteAllText(Path.Combine(_keycloak.Overlay, "lib", "quarkus", "generated-bytecode.jar"), "compiled");
        Prepare(compiled: "another");

        _keycloak.Snapshot().ShouldBe(before);
        File.Exists(Path.Combine(_keycloak.Overlay, KeycloakInstallation.Script)).ShouldBeTrue();
        File.ReadAllText(Path.Combine(_keycloak.Overlay, "lib", "lib", "main", "library.jar")).ShouldBe("library");
        if (!OperatingSystem.IsWindows())
        {
            new DirectoryInfo(Path.Combine(_keycloak.Overlay, "lib", "lib")).LinkTarget.ShouldNotBeNull();
        }
    }

    [Fact]
    public void The_users_own_settings_are_not_taken_over()
    {
        Prepare();

        File.Exists(Path.Combine(_keycloak.Overlay, "conf", "cache-ispn.xml")).ShouldBeTrue();
        File.Exists(Path.Combine(_keycloak.Overlay, "conf", "keycloak.conf")).ShouldBeFalse();
    }

    [Fact]
    public void The_database_is_kept_while_nothing_changes()
    {
        StartAndStop();

        Prepare();

        File.Exists(Database).ShouldBeTrue();
        Directory.GetFiles(Path.Combine(Data, "import")).ShouldHaveSingleItem();
    }

    [Fact]
    public void Another_realm_file_gets_a_fresh_database()
    {
        StartAndStop();
        File.WriteAllText(Path.Combine(_keycloak.RealmsFolder, "corp-realm.json"), """{ "realm": "corp", "x": 1 }""");

        Prepare();

        File.Exists(Database).ShouldBeFalse();
        File.ReadAllText(Path.Combine(Data, "import", "corp-realm.json")).ShouldContain("\"x\"");
    }

    [Fact]
    public void Another_value_of_a_placeholder_gets_a_fresh_database()
    {
        StartAndStop();

        Prepare(password: "changed");

        File.Exists(Database).ShouldBeFalse();
    }

    [Fact]
    public void A_database_whose_import_was_interrupted_is_thrown_away()
    {
        Prepare();
        WriteDatabase();

        Prepare();

        File.Exists(Database).ShouldBeFalse();
    }

    [Fact]
    public void A_slip_of_the_pen_in_a_realm_file_is_found_with_its_place()
    {
        _keycloak.Realms.ThrowIfBroken();
        var file = Path.Combine(_keycloak.RealmsFolder, "partner-realm.json");
        File.WriteAllText(file, "{\n  \"realm\": \"partner\"\n  \"enabled\": true\n}\n");

        var message = Should.Throw<DistributedApplicationException>(_keycloak.Realms.ThrowIfBroken).Message;

        message.ShouldStartWith($"{file}(3,3): this realm file is no JSON.");
    }

    private void StartAndStop()
    {
        var home = Prepare();
        WriteDatabase();
        home.MarkImported();
    }

    private void WriteDatabase()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
        File.WriteAllText(Database, "tables");
    }

    private KeycloakHome Prepare(string password = "demo", string compiled = "one")
    {
        var folder = Path.Combine(_keycloak.Cache, compiled);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "generated-bytecode.jar"), compiled);
        var home = new KeycloakHome(_keycloak.Overlay, _keycloak.Realms);
        home.Prepare(_keycloak.Installation, folder, [new("DEMO_PASSWORD", password)]);
        return home;
    }
}
