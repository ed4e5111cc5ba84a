using System.Globalization;
using AspireGateway.ReplicaTrials.Trials;
using AspireGateway.TestKit;

// Trials of two gateways over one database, as processes: eng/refresh-storm.sh and eng/kill-test.sh.
if (PostgreSql.Unavailable is { } reason)
{
    Console.WriteLine($"No PostgreSQL here: {reason}.");
    return 2;
}

using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(20));
var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : (int?)null;
var passed = args.FirstOrDefault() switch
{
    "refresh-storm" => await RefreshStorm.RunAsync(count ?? 50, calls: 200, limit.Token),
    "kill-test" => await KillTest.RunAsync(count ?? 55, limit.Token),
    _ => throw new InvalidOperationException("Say refresh-storm or kill-test, and how often."),
};
return passed ? 0 : 1;
