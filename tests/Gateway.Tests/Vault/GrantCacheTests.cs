using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Grants;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

public sealed class GrantCacheTests
{
    private static readonly TargetName Notes = Target("notes");

    [Fact]
    public void A_read_that_began_before_a_change_is_not_kept()
    {
        var cache = new GrantCache(100);
        var old = cache.Begin(Alice, Notes);

        cache.Forget(Alice, Notes);
        cache.Keep(Alice, Notes, NewGrant(Alice), old);
        cache.TryGet(Alice, Notes, out _).ShouldBeFalse();

        var next = NewGrant(Alice);
        cache.Keep(Alice, Notes, next, cache.Begin(Alice, Notes));
        cache.TryGet(Alice, Notes, out var found).ShouldBeTrue();
        found.ShouldBeSameAs(next);

        old = cache.Begin(Alice, Notes);
        cache.ForgetAll();
        cache.Keep(Alice, Notes, next, old);
        cache.TryGet(Alice, Notes, out _).ShouldBeFalse();
    }

    [Fact]
    public void That_there_is_no_grant_is_remembered_too()
    {
        var cache = new GrantCache(100);
        cache.Keep(Alice, Notes, grant: null, cache.Begin(Alice, Notes));

        cache.TryGet(Alice, Notes, out var found).ShouldBeTrue();
        found.ShouldBeNull();
        cache.TryGet(Bob, Notes, out _).ShouldBeFalse();
    }

    [Fact]
    public void The_number_is_bounded_and_what_is_used_stays()
    {
        var cache = new GrantCache(160);
        for (var i = 0; i < 5_000; i++)
        {
            var user = new UserId("corp", $"user-{i}");
            cache.Keep(user, Notes, NewGrant(user), cache.Begin(user, Notes));
            if (i == 0)
            {
                cache.Keep(Alice, Notes, NewGrant(Alice), cache.Begin(Alice, Notes));
            }

            cache.TryGet(Alice, Notes, out _).ShouldBeTrue();
        }

        cache.Count.ShouldBeInRange(100, 160);
    }

    [Fact]
    public void A_cache_of_size_zero_keeps_nothing()
    {
        var cache = new GrantCache(0);
        cache.Keep(Alice, Notes, NewGrant(Alice), cache.Begin(Alice, Notes));

        cache.TryGet(Alice, Notes, out _).ShouldBeFalse();
    }

    private static Grant NewGrant(UserId user) =>
        new()
        {
            Id = Guid.NewGuid(),
            Binding = Binding(user),
            Generation = 1,
            State = GrantState.Active,
            Tokens = Tokens(),
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
}
