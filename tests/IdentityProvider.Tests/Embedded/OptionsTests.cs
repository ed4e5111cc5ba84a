using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

public sealed class OptionsTests
{
    [Fact]
    public void A_complete_configuration_is_accepted() => Errors(Complete()).ShouldBeEmpty();

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void Outside_Development_it_refuses_to_start(string environment)
    {
        Errors(Complete(), environment).ShouldHaveSingleItem().ShouldContain("Development only");
        Errors(Complete(), Environments.Development).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://idp.example.com", false)]
    [InlineData("http://192.168.1.10:5181", false)]
    [InlineData("http://0.0.0.0:5181", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("http://localhost:5181", true)]
    [InlineData("http://127.0.0.1:5181/", true)]
    [InlineData("http://[::1]:5181", true)]
    [InlineData("https://corp.localhost:5181", true)]
    public void It_serves_loopback_only(string publicUrl, bool accepted)
    {
        var options = Complete();
        options.PublicUrl = publicUrl;

        Errors(options).Count.ShouldBe(accepted ? 0 : 1);
    }

    [Fact]
    public void Every_mistake_is_named_with_its_fix()
    {
        var errors = Errors(
            new IdentityProviderOptions
            {
                Realm = "corporation",
                PublicUrl = "localhost:5181",
                GatewayPublicUrl = "http://localhost:5180/mcp",
                GatewayClientSecret = "secret",
                AccessTokenLifetime = TimeSpan.Zero,
                MaxRegisteredClients = 0,
            }
        );

        string[] settings =
        [
            "Realm",
            "PublicUrl",
            "GatewayPublicUrl",
            "DemoPassword",
            "AccessTokenLifetime",
            "MaxRegisteredClients",
        ];
        foreach (var setting in settings)
        {
            errors.ShouldContain(
                error => error.StartsWith($"IdentityProvider:{setting} ", StringComparison.Ordinal),
                setting
            );
        }

        errors.ShouldAllBe(static error => error.Contains("Set ") || error.Contains("Remove "));
    }

    [Theory]
    [InlineData("corp", "GatewayPublicUrl")]
    [InlineData("partner", "NotesPublicUrl")]
    public void A_realm_needs_the_URL_of_what_it_protects(string realm, string setting)
    {
        var options = Complete();
        (options.Realm, options.GatewayPublicUrl, options.NotesPublicUrl) = (realm, "", "");

        Errors(options).ShouldHaveSingleItem().ShouldContain(setting);
    }

    [Fact]
    public async Task The_process_lists_its_mistakes_and_exits_with_78()
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "IdentityProvider.dll")])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                WorkingDirectory = AppContext.BaseDirectory,
                Environment =
                {
                    ["DOTNET_ENVIRONMENT"] = "Production",
                    ["ASPNETCORE_ENVIRONMENT"] = "Production",
                    ["IdentityProvider__Realm"] = "corp",
                },
            }
        )!;

        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(78);
        errors.ShouldContain("Development only");
        errors.ShouldContain("IdentityProvider:PublicUrl");
        errors.ShouldNotContain("   at ", Case.Sensitive, "a stack trace helps nobody here");
    }

    private static IdentityProviderOptions Complete() =>
        new()
        {
            Realm = "corp",
            PublicUrl = "http://localhost:5181",
            GatewayPublicUrl = EmbeddedProvider.Gateway,
            NotesPublicUrl = EmbeddedProvider.Notes,
            DemoPassword = EmbeddedProvider.Password,
        };

    private static List<string> Errors(IdentityProviderOptions options, string environment = "Development") =>
        [
            .. new IdentityProviderOptionsValidator(new HostingEnvironment { EnvironmentName = environment })
                .Validate(null, options)
                .Failures
                ?? [],
        ];
}
