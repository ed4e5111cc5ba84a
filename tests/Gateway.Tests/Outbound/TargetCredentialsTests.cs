using AspireGateway.Gateway.Outbound;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Vault;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Who gives the credential of a target, and what is said when the vault does not answer.</summary>
public sealed class TargetCredentialsTests
{
    private static readonly CredentialResult Given = new CredentialResult.Ready(
        new TargetCredential("Authorization", new Secret("Bearer x"), "1")
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CredentialKinds.AuthorizationCode, true)]
    [InlineData("none", false)]
    public async Task The_provider_of_the_targets_kind_is_asked_and_no_other(string kind, bool isAsked)
    {
        var (get, replace) = Ask(kind, static () => ValueTask.FromResult(Given));

        (await get).ShouldBe(isAsked ? Given : CredentialResult.None);
        (await replace).ShouldBe(isAsked ? Given : CredentialResult.None);
    }

    [Fact]
    public async Task What_takes_its_time_is_waited_for()
    {
        var (get, replace) = Ask(
            CredentialKinds.AuthorizationCode,
            static async () =>
            {
                await Task.Yield();
                return Given;
            }
        );

        (await get).ShouldBe(Given);
        (await replace).ShouldBe(Given);
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_is_no_mistake_and_is_tried_again_soon()
    {
        var (get, replace) = Ask(
            CredentialKinds.AuthorizationCode,
            static () => ValueTask.FromException<CredentialResult>(new VaultUnavailableException("away"))
        );

        foreach (var result in new[] { await get, await replace })
        {
            var unavailable = result.ShouldBeOfType<CredentialResult.Unavailable>();
            unavailable.Reason.ShouldBe(ErrorCodes.VaultUnavailable);
            unavailable.RetryAfter.ShouldBe(TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task A_mistake_stays_one()
    {
        var (get, replace) = Ask(
            CredentialKinds.AuthorizationCode,
            static () => ValueTask.FromException<CredentialResult>(new NotSupportedException())
        );

        await Should.ThrowAsync<NotSupportedException>(get);
        await Should.ThrowAsync<NotSupportedException>(replace);
    }

    private static (Task<CredentialResult> Get, Task<CredentialResult> Replace) Ask(
        string kind,
        Func<ValueTask<CredentialResult>> answer
    )
    {
        TargetName.TryParse("notes", out var name).ShouldBeTrue();
        var target = new Target(name, new Uri("https://notes.example/mcp"), kind, TimeSpan.FromSeconds(1));
        var request = new CredentialRequest(new UserId("corp", "user-1"), "agent", target);
        var credentials = new TargetCredentials([new Provider(answer)], NullLogger<TargetCredentials>.Instance);
        var used = new TargetCredential("Authorization", new Secret("Bearer old"), "0");
        return (
            credentials.GetAsync(request, Cancel).AsTask(),
            credentials.ReplaceAsync(request, used, new UpstreamRefusal(401, Challenge: null), Cancel).AsTask()
        );
    }

    private sealed class Provider(Func<ValueTask<CredentialResult>> answer) : ICredentialProvider
    {
        public string Kind => CredentialKinds.AuthorizationCode;

        public ValueTask<CredentialResult> GetAsync(CredentialRequest request, CancellationToken cancel) => answer();

        public ValueTask<CredentialResult> ReplaceAsync(
            CredentialRequest request,
            TargetCredential used,
            UpstreamRefusal refusal,
            CancellationToken cancel
        ) => answer();
    }
}
