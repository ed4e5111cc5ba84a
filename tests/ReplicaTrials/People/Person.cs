using AspireGateway.ReplicaTrials.Cluster;
using AspireGateway.TestKit;
using AspireGateway.TestKit.Issuers;

namespace AspireGateway.ReplicaTrials.People;

/// <summary>Somebody with an agent and a browser.</summary>
internal sealed class Person : IDisposable
{
    private readonly ReplicaSystem _system;
    private readonly Browser _browser = new();

    public Person(ReplicaSystem system, string name)
    {
        (_system, Name) = (system, name);
        Agent = new Agent(system, name);
        _browser.Cookies.Set(new Uri(system.Issuer.BaseUrl), FakeIssuer.PersonCookie, name);
    }

    public string Name { get; }

    public Agent Agent { get; }

    /// <summary>Opens the link, signs in, says yes, and lets the third party send the browser back.</summary>
    /// <returns>Null, or what the person saw instead of the end.</returns>
    public async Task<string?> ConsentAsync(Uri link, CancellationToken cancel)
    {
        var page = await _browser.OpenAsync(link, cancellationToken: cancel);
        if (page.FindForm("connect") is null)
        {
            return Seen(page);
        }

        page = await _browser.SubmitAsync(page, "connect", stopAt: _system.Callback, cancellationToken: cancel);
        if (page.Location is null && !IsConnected(page))
        {
            page = await _system.ThirdParty.PassAsync(_browser, page, _system.Callback, cancel);
        }

        if (page.Location is not { } callback)
        {
            return IsConnected(page) ? null : Seen(page);
        }

        _system.Ledger.Expect(CallbackResult.From(callback).Code ?? "", Name);
        page = await _browser.OpenAsync(callback, cancellationToken: cancel);
        if ((int)page.Status >= StatusCodes.Status500InternalServerError)
        {
            // As everybody does when a page does not load.
            page = await _browser.OpenAsync(callback, cancellationToken: cancel);
        }

        return IsConnected(page) ? null : Seen(page);
    }

    /// <summary>Calls, and consents where that is asked.</summary>
    public async Task ConnectAsync(CancellationToken cancel)
    {
        if (await Agent.CallAsync("first", cancel) is not CallOutcome.Asked { Link: var link })
        {
            throw new InvalidOperationException($"{Name} was not asked.");
        }

        if (await ConsentAsync(link, cancel) is { } seen)
        {
            throw new InvalidOperationException($"{Name} saw {seen}");
        }

        var outcome = await Agent.CallAsync("second", cancel);
        if (outcome is not CallOutcome.Answered)
        {
            throw new InvalidOperationException($"{Name} has consented, and then: {outcome}");
        }
    }

    public void Dispose()
    {
        _browser.Dispose();
        Agent.Dispose();
    }

    private static bool IsConnected(BrowserPage page) => page.Text.Contains("is connected", StringComparison.Ordinal);

    private static string Seen(BrowserPage page) =>
        $"{(int)page.Status} at {page.Url.AbsolutePath.Split('/')[1]}: {string.Join(' ', page.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}";
}
