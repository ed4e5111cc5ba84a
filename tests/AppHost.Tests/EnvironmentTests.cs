using AspireGateway.AppHost.TestApp;
using AspireGateway.LocalHosting.Testing;

namespace AspireGateway.AppHost.Tests;

public sealed class EnvironmentTests
{
    [Fact]
    public async Task Resources_are_given_what_Aspire_gives_them()
    {
        await using var running = await Running.StartAsync(static builder =>
        {
            // The first refers to the second, which is declared later.
            var first = builder.AddService("first");
            var second = builder.AddProject<TestAppProject>("sec-ond", "second").WithHttpHealthCheck("/health");
            var secondUrl = second.GetEndpoint("http");
            first
                .WithReference(second)
                .WithEnvironment("PLAIN", "plain")
                .WithEnvironment("ENDPOINT", secondUrl)
                .WithEnvironment("TEXT", $"{secondUrl}/mcp on {secondUrl.Property(EndpointProperty.HostAndPort)}")
                .WithEnvironment(context =>
                    context.EnvironmentVariables["CALLBACK"] = ReferenceExpression.Create($"<{secondUrl}>")
                )
                .WithEnvironment("TESTAPP_PROFILE", "replaced");
        });
        await running.HealthyAsync("first");
        await running.HealthyAsync("sec-ond");
        var url = running.App.GetEndpoint("sec-ond").ToString().TrimEnd('/');

        (await running.VariableAsync("first", "ASPNETCORE_URLS")).ShouldBe(
            running.App.GetEndpoint("first").ToString().TrimEnd('/')
        );
        (await running.VariableAsync("first", "services__sec-ond__http__0")).ShouldBe(url);
        (await running.VariableAsync("first", "SEC_OND_HTTP")).ShouldBe(url);
        (await running.VariableAsync("first", "PLAIN")).ShouldBe("plain");
        (await running.VariableAsync("first", "ENDPOINT")).ShouldBe(url);
        (await running.VariableAsync("first", "TEXT")).ShouldBe($"{url}/mcp on {new Uri(url).Authority}");
        (await running.VariableAsync("first", "CALLBACK")).ShouldBe($"<{url}>");
        (await running.VariableAsync("first", "DOTNET_LAUNCH_PROFILE")).ShouldBe("http");
        (await running.VariableAsync("first", "DOTNET_ENVIRONMENT")).ShouldBe("Development");
        (await running.VariableAsync("first", "TESTAPP_PROFILE")).ShouldBe("replaced");
        (await running.VariableAsync("sec-ond", "TESTAPP_PROFILE")).ShouldBe("second");
    }

    [Fact]
    public async Task Arguments_may_hold_addresses_and_parameters()
    {
        await using var running = await Running.StartAsync(static builder =>
        {
            var service = builder.AddService("service").WithExplicitStart();
            var parameter = builder.AddParameter("text", "from the parameter");
            builder
                .AddProject<TestAppProject>("job", launchProfileName: "console")
                .WithArgs("exit", "0", service.GetEndpoint("http"))
                .WithArgs(context => context.Args.Add(ReferenceExpression.Create($"text {parameter}")));
        });

        await running.EndAsync("job");

        var lines = running.App.Engine.Board.GetLogs("job", 10).Select(static line => line.Text).ToList();
        lines.ShouldBe([running.App.GetEndpoint("service").ToString().TrimEnd('/'), "text from the parameter"]);
    }

    [Fact]
    public async Task Parameters_come_from_the_model_or_from_configuration_and_a_missing_one_says_how_to_set_it()
    {
        await using var running = await Running.StartAsync(
            static builder =>
            {
                builder.AddParameter("configured");
                builder.AddParameter("configured-too", new GenerateParameterDefault());
                builder.AddParameter("given", "from the model");
            },
            "--Parameters:configured=from the command line",
            "--Parameters:configured-too=also from there",
            "--Parameters:given=ignored, as Aspire does"
        );
        var missing = await Should.ThrowAsync<MissingParameterValueException>(() =>
            Running.StartAsync(static builder => builder.AddParameter("missing"))
        );

        running.Now("configured").Environment[0].Value.ShouldBe("from the command line");
        running.Now("configured-too").Environment[0].Value.ShouldBe("also from there");
        running.Now("given").Environment[0].Value.ShouldBe("from the model");
        missing.Message.ShouldContain("Parameters:missing");
    }

    [Fact]
    public async Task Whatever_contains_a_secret_is_marked_as_secret_and_nothing_else()
    {
        await using var running = await Running.StartAsync(static builder =>
        {
            var secret = builder.AddParameter("secret", new GenerateParameterDefault { MinLength = 30 }, secret: true);
            builder
                .AddJob("job", 0)
                .WithEnvironment("SECRET", secret)
                .WithEnvironment("WITH_SECRET", $"x={secret}")
                .WithEnvironment("OPEN", "open");
        });
        await running.EndAsync("job");

        var environment = running.Now("job").Environment.ToDictionary(static entry => entry.Name);
        environment["SECRET"].IsSecret.ShouldBeTrue();
        environment["SECRET"].Value.Length.ShouldBe(30);
        environment["WITH_SECRET"].IsSecret.ShouldBeTrue();
        environment["OPEN"].IsSecret.ShouldBeFalse();
        running.Now("secret").Environment.ShouldHaveSingleItem().IsSecret.ShouldBeTrue();
    }

    [Fact]
    public void Generated_parameters_are_added_to_the_user_secrets_and_keep_what_is_there()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "id", "secrets.json");
            LocalHosting.Engine.UserSecrets.Store(file, "Parameters:a", "1");
            LocalHosting.Engine.UserSecrets.Store(file, "Parameters:b", "2");

            File.ReadAllText(file)
                .ReplaceLineEndings("")
                .Replace(" ", "")
                .ShouldBe("""{"Parameters:a":"1","Parameters:b":"2"}""");
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
