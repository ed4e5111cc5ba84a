using AspireGateway.TestClient.OAuth;

namespace AspireGateway.TestClient.SignIn;

/// <summary>Takes a person through the browser part of the flow: the system's browser, or a scripted one.</summary>
internal interface IUserAgent
{
    /// <summary>
    /// Visits the authorization request. Returns when the browser is on its way or has arrived; throws
    /// <see cref="ClientFailure"/> when it never will.
    /// </summary>
    /// <param name="request">Where to go.</param>
    /// <param name="answer">Completes when the callback has been reached.</param>
    /// <param name="cancellationToken">Ends the visit.</param>
    Task VisitAsync(AuthorizationRequest request, Task answer, CancellationToken cancellationToken);

    /// <summary>
    /// Visits the connect page of a server that needs the person's consent at a third party (steps B3 to B8). True when the browser
    /// has been through to the end; false when a person is on the way, who may take long and may never arrive.
    /// </summary>
    Task<bool> ConsentAsync(Uri page, CancellationToken cancellationToken);
}

/// <summary>Opens a URL in the person's browser.</summary>
internal interface IBrowserLauncher
{
    /// <summary>False where no browser can be opened.</summary>
    bool TryOpen(Uri url);
}
