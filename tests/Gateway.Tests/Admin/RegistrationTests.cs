using System.Net;
using AspireGateway.Gateway.Tests.Outbound;
using AspireGateway.Gateway.Vault;
using AspireGateway.TestKit.ThirdParty;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>What becomes of the gateway's own registrations at authorization servers when an administrator wants them gone.</summary>
public sealed class RegistrationTests
{
    private const string Path = "/targets/notes/registration";

    [Fact]
    public async Task A_forgotten_registration_takes_its_grants_with_it_and_the_next_person_registers_anew()
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.ManagesRegistrations = true;
        await host.ConnectAsync();
        await host.ConnectAsync("user-2");
        var former = ClientOf(host);

        var answer = await host.Gateway.AdminAsync(HttpMethod.Delete, Path);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Json["endedConnections"]!.GetValue<int>().ShouldBe(2);
        answer.Json["revokedConnections"]!.GetValue<int>().ShouldBe(2);
        var forgotten = answer.Json["registrations"]!.AsArray().ShouldHaveSingleItem()!;
        forgotten["issuer"]!.GetValue<string>().ShouldBe(host.ThirdParty.BaseUrl);
        forgotten["clientId"]!.GetValue<string>().ShouldBe(former);
        forgotten["deleted"]!.GetValue<bool>().ShouldBeTrue();
        host.ThirdParty.Requests[^1]
            .Path.ShouldBe("/clients/" + former, "it is deleted when nothing needs it any more");
        (await host.CanCallAsync()).ShouldBeFalse();

        await host.ConnectAsync();

        (await host.CanCallAsync()).ShouldBeTrue();
        ClientOf(host).ShouldNotBe(former);
        host.ThirdParty.RequestsOf("/register").Count.ShouldBe(2);
    }

    [Fact]
    public async Task Grants_that_were_given_to_another_client_stay()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        await host.PutAsync();

        var answer = await host.Gateway.AdminAsync(HttpMethod.Delete, Path);

        answer.Json["endedConnections"]!.GetValue<int>().ShouldBe(0);
        var vault = host.Gateway.Services.GetRequiredService<IGrantVault>();
        (await vault.ListAsync(new UserId("corp", "user-1"), TestContext.Current.CancellationToken)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(StatusCodes.Status401Unauthorized)]
    [InlineData(StatusCodes.Status200OK)]
    [InlineData(StatusCodes.Status302Found)]
    public async Task A_server_that_does_not_confirm_keeps_nothing_here(int? status)
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.ManagesRegistrations = status is not null;
        await host.ConnectAsync();
        host.ThirdParty.Behaviour.Override = (context, request) =>
        {
            context.Response.StatusCode = status ?? StatusCodes.Status200OK;
            return Task.FromResult(request.Path.StartsWith("/clients/", StringComparison.Ordinal));
        };

        var answer = await host.Gateway.AdminAsync(HttpMethod.Delete, Path);

        answer.Json["registrations"]![0]!["deleted"]!.GetValue<bool>().ShouldBeFalse();
        (await host.Gateway.AdminAsync(HttpMethod.Delete, Path)).Reason.ShouldBe("not_registered");
    }

    [Fact]
    public async Task Without_a_registration_there_is_nothing_to_forget()
    {
        await using var host = await ConsentHost.StartAsync();

        var none = await host.Gateway.AdminAsync(HttpMethod.Delete, Path);
        var unknown = await host.Gateway.AdminAsync(HttpMethod.Delete, "/targets/nothing/registration");

        (none.Status, none.Reason).ShouldBe((HttpStatusCode.NotFound, "not_registered"));
        (unknown.Status, unknown.Reason).ShouldBe((HttpStatusCode.NotFound, "unknown_target"));
    }

    [Fact]
    public async Task A_client_of_the_settings_is_no_registration()
    {
        await using var host = await ConsentHost.StartAsync(
            null,
            ("Gateway:Targets:notes:AuthorizationCode:ClientId", "by-hand")
        );
        await host.ConnectAsync();

        (await host.Gateway.AdminAsync(HttpMethod.Delete, Path)).Reason.ShouldBe("not_registered");
        (await host.CanCallAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_deleted_target_takes_its_registration_with_it()
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.ManagesRegistrations = true;
        await using var drive = await TestKit.Targets.FakeTarget.StartNewAsync();
        TargetProtection.Protect(drive, host.ThirdParty);
        await host.Gateway.AdminAsync(
            HttpMethod.Post,
            "/targets",
            AdminCalls.Definition("drive", drive.Url, ""","credential":"authorization_code" """)
        );
        var (link, _) = await host.AskAsync("drive___echo");
        await ConsentHost.ConsentAsync(host.Browser(), link);

        await host.Gateway.AdminAsync(HttpMethod.Delete, "/targets/drive");

        host.ThirdParty.Requests.Count(static request =>
                request.Path.StartsWith("/clients/registered-", StringComparison.Ordinal)
            )
            .ShouldBe(1);
    }

    [Fact]
    public async Task The_audit_record_and_the_log_say_what_was_done_and_hold_no_secret()
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.ManagesRegistrations = true;
        await host.ConnectAsync();

        await host.Gateway.AdminAsync(HttpMethod.Delete, Path);

        host.Gateway.AuditText().ShouldContain("forget_registration");
        host.Gateway.Logs.Text.ShouldContain("deleted there: True");
        (host.Gateway.AuditText() + host.Gateway.Logs.Text).ShouldNotContain("management-of-");
    }

    private static string ClientOf(ConsentHost host)
    {
        var pair = host.ThirdParty.TokenRequests("authorization_code")[^1].Headers["Authorization"][6..];
        return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(pair)).Split(':')[0];
    }
}
