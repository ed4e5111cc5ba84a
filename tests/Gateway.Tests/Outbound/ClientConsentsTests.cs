using System.Reflection;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Vault;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Which agents may use a grant, and for how long that is remembered.</summary>
public sealed class ClientConsentsTests : FakeWebTests
{
    private const string Agent = "agent";

    private WatchedRecords _watched = null!;
    private ClientConsents _clients = null!;
    private Grant _grant = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var records = DispatchProxy.Create<IRecordStore, WatchedRecords>();
        _watched = (WatchedRecords)(object)records;
        _watched.Records = Replica.Records;
        _clients = new ClientConsents(records, Replica.Feed);
        _grant = await Replica.Vault.PutAsync(Binding(), Tokens("a"), account: null, Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_permission_is_read_once_and_a_missing_one_each_time()
    {
        (await IsAllowedAsync()).ShouldBeFalse();
        (await IsAllowedAsync()).ShouldBeFalse();
        _watched.Finds.ShouldBe(2);

        await _clients.AllowAsync(_grant.Id, Agent, Cancel);

        (await IsAllowedAsync()).ShouldBeTrue();
        (await IsAllowedAsync()).ShouldBeTrue();
        _watched.Finds.ShouldBe(3);
        (await IsAllowedAsync("another")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_permission_that_was_taken_back_is_not_remembered()
    {
        await _clients.AllowAsync(_grant.Id, Agent, Cancel);
        (await IsAllowedAsync()).ShouldBeTrue();

        (await _clients.WithdrawAsync(_grant.Id, Agent, Cancel)).ShouldBeTrue();

        (await IsAllowedAsync()).ShouldBeFalse();
        (await _clients.WithdrawAsync(_grant.Id, Agent, Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_read_before_it_was_taken_back_is_not_remembered_after_it()
    {
        await _clients.AllowAsync(_grant.Id, Agent, Cancel);
        _watched.AfterFind = () => _clients.WithdrawAsync(_grant.Id, Agent, Cancel);

        (await IsAllowedAsync()).ShouldBeTrue("it was when it was read");

        _watched.AfterFind = null;
        (await IsAllowedAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task All_of_a_grant_that_is_gone_is_forgotten()
    {
        await _clients.AllowAsync(_grant.Id, Agent, Cancel);
        await _clients.AllowAsync(_grant.Id, "another", Cancel);
        (await _clients.ListAsync(_grant.Id, Cancel)).ShouldBe([Agent, "another"], ignoreOrder: true);

        await _clients.ForgetAsync(_grant.Id, Cancel);

        (await _clients.ListAsync(_grant.Id, Cancel)).ShouldBeEmpty();
        (await IsAllowedAsync()).ShouldBeFalse();
    }

    private async Task<bool> IsAllowedAsync(string client = Agent) =>
        await _clients.IsAllowedAsync(_grant, client, Cancel);

    /// <summary>Counts what is looked for, and lets something happen between reading it and using it.</summary>
#pragma warning disable CA1852 // The proxy derives from it.
    private class WatchedRecords : DispatchProxy
#pragma warning restore CA1852
    {
        public IRecordStore Records { get; set; } = null!;

        public int Finds { get; private set; }

        public Func<Task>? AfterFind { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var result = targetMethod!.Invoke(Records, args);
            if (targetMethod.Name is not nameof(IRecordStore.FindAsync))
            {
                return result;
            }

            Finds++;
            return ThenAsync((Task<StoredRecord?>)result!);
        }

        private async Task<StoredRecord?> ThenAsync(Task<StoredRecord?> finding)
        {
            var found = await finding;
            if (AfterFind is { } happens)
            {
                await happens();
            }

            return found;
        }
    }
}
