using System.Threading.RateLimiting;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Inbound.Challenge;
using AspireGateway.Gateway.Mcp.Requests;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Mcp.Limits;

/// <summary>
/// Step 4: how much one person, and one target, may have running at once on this replica. Nothing waits in a queue: whoever finds no
/// place is told when to come back, so that a target that hangs costs no more than its own places.
/// </summary>
internal sealed class CallLimits : IDisposable
{
    private readonly PartitionedRateLimiter<UserId> _calls;
    private readonly PartitionedRateLimiter<UserId> _messages;
    private readonly PartitionedRateLimiter<UserId> _streams;
    private readonly PartitionedRateLimiter<TargetName> _targets;
    private readonly PartitionedRateLimiter<UserId>? _rate;

    public CallLimits(IOptions<McpOptions> options)
    {
        var limits = options.Value.Limits;
        _calls = Concurrency<UserId>(limits.CallsPerUser);
        _messages = Concurrency<UserId>(limits.CallsPerUser);
        _streams = Concurrency<UserId>(limits.StreamsPerUser);
        _targets = Concurrency<TargetName>(limits.CallsPerTarget);
        _rate = limits.CallsPerMinute == 0 ? null : Rate(limits.CallsPerMinute);
    }

    /// <summary>Takes the places that a request needs.</summary>
    /// <param name="context">The request.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="places">To be given back when the request ends; of no use when it is refused.</param>
    /// <returns>Why there is no place, or null.</returns>
    public Refusal? Enter(HttpContext context, McpRequest request, out Places places)
    {
        var user = context.GetCaller()!.User;
        places = default;
        var method = context.Request.Method;
        if (HttpMethods.IsDelete(method) || (HttpMethods.IsPost(method) && !request.IsCall))
        {
            // Answers and cancellations of calls that hold all the places must come through, or these never end.
            return Take(_messages, user, ErrorCodes.UserBusy, ref places);
        }

        if (request.IsListening)
        {
            return Take(_streams, user, ErrorCodes.TooManyStreams, ref places);
        }

        return (_rate is null ? null : Take(_rate, user, ErrorCodes.RateLimited, ref places))
            ?? Take(_calls, user, ErrorCodes.UserBusy, ref places)
            ?? (request.Target is { } target ? Take(_targets, target, ErrorCodes.TargetBusy, ref places) : null);
    }

    public void Dispose()
    {
        _calls.Dispose();
        _messages.Dispose();
        _streams.Dispose();
        _targets.Dispose();
        _rate?.Dispose();
    }

    private static Refusal? Take<T>(PartitionedRateLimiter<T> limiter, T key, string reason, ref Places places)
    {
        var lease = limiter.AttemptAcquire(key);
        if (lease.IsAcquired)
        {
            places = places.With(lease);
            return null;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        lease.Dispose();
        places.Dispose();
        return new Refusal(StatusCodes.Status429TooManyRequests, reason, Describe(reason))
        {
            RetryAfter = (int)Math.Ceiling(wait.TotalSeconds),
        };
    }

    private static string Describe(string reason) =>
        reason switch
        {
            ErrorCodes.TargetBusy =>
                "This target has as many calls running as it may have. Other targets are not affected; try again later.",
            ErrorCodes.TooManyStreams => "You have as many streams open as you may have. Close one first.",
            ErrorCodes.RateLimited => "You have made as many calls in this minute as you may make. Try again later.",
            _ => "You have as many calls running as you may have. Wait for one to end.",
        };

    private static PartitionedRateLimiter<T> Concurrency<T>(int permits)
        where T : notnull
    {
        var options = new ConcurrencyLimiterOptions { PermitLimit = permits, QueueLimit = 0 };
        Func<T, RateLimiter> create = _ => new ConcurrencyLimiter(options);
        return PartitionedRateLimiter.Create<T, T>(key => RateLimitPartition.Get(key, create));
    }

    private static PartitionedRateLimiter<UserId> Rate(int permits)
    {
        var options = new SlidingWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
            QueueLimit = 0,
        };
        return PartitionedRateLimiter.Create<UserId, UserId>(key =>
            RateLimitPartition.GetSlidingWindowLimiter(key, _ => options)
        );
    }

    /// <summary>What a request holds while it runs.</summary>
    internal readonly record struct Places(RateLimitLease? First, RateLimitLease? Second, RateLimitLease? Third)
        : IDisposable
    {
        public Places With(RateLimitLease lease) =>
            First is null ? this with { First = lease }
            : Second is null ? this with { Second = lease }
            : this with { Third = lease };

        public void Dispose()
        {
            First?.Dispose();
            Second?.Dispose();
            Third?.Dispose();
        }
    }
}
