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
        cache.Count.ShouldBe(0);
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
    public void What_nobody_used_goes_before_what_somebody_did_and_the_oldest_goes_first()
    {
        // One for each part: users of the same part push each other out.
        var cache = new GrantCache(32);
        var same = SamePart(cache, 4);
        foreach (var user in same[..2])
        {
            cache.Keep(user, Notes, NewGrant(user), cache.Begin(user, Notes));
        }

        cache.TryGet(same[0], Notes, out _).ShouldBeTrue();
        cache.Keep(same[2], Notes, NewGrant(same[2]), cache.Begin(same[2], Notes));
        cache.TryGet(same[1], Notes, out _).ShouldBeFalse("nobody used it");

        // The use of the first has counted once; of two that nobody has used since, the older one goes.
        cache.Keep(same[3], Notes, NewGrant(same[3]), cache.Begin(same[3], Notes));
        cache.TryGet(same[3], Notes, out _).ShouldBeTrue();
        cache.TryGet(same[0], Notes, out _).ShouldBeFalse();
        cache.TryGet(same[2], Notes, out _).ShouldBeTrue();
        cache.Count.ShouldBe(2);
    }

    [Fact]
    public void When_everything_is_used_one_still_goes()
    {
        var cache = new GrantCache(32);
        var same = SamePart(cache, 3);
        foreach (var user in same)
        {
            cache.Keep(user, Notes, NewGrant(user), cache.Begin(user, Notes));
            cache.TryGet(user, Notes, out _);
        }

        cache.Count.ShouldBe(2);
        cache.TryGet(same[2], Notes, out _).ShouldBeTrue();
    }

    [Fact]
    public void A_newer_grant_takes_the_place_of_the_older_one()
    {
        var cache = new GrantCache(100);
        var (first, second) = (NewGrant(Alice), NewGrant(Alice));
        cache.Keep(Alice, Notes, first, cache.Begin(Alice, Notes));
        cache.Keep(Alice, Notes, second, cache.Begin(Alice, Notes));

        cache.TryGet(Alice, Notes, out var found).ShouldBeTrue();
        found.ShouldBeSameAs(second);
        cache.Count.ShouldBe(1);
        cache.TryGet(Alice, Target("orders"), out _).ShouldBeFalse();
    }

    [Fact]
    public void A_cache_of_size_zero_keeps_nothing()
    {
        var cache = new GrantCache(0);
        cache.Keep(Alice, Notes, NewGrant(Alice), cache.Begin(Alice, Notes));

        cache.TryGet(Alice, Notes, out _).ShouldBeFalse();
    }

    // Forgetting changes the epoch of one part only, which tells who else is in it.
    private static UserId[] SamePart(GrantCache cache, int count)
    {
        var first = new UserId("corp", "user-0");
        return
        [
            .. Enumerable
                .Range(0, 10_000)
                .Select(static i => new UserId("corp", $"user-{i}"))
                .Where(user =>
                {
                    var before = cache.Begin(user, Notes);
                    cache.Forget(first, Notes);
                    return cache.Begin(user, Notes) != before;
                })
                .Take(count),
        ];
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
