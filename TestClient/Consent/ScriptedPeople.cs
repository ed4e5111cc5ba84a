namespace AspireGateway.TestClient.Consent;

/// <summary>Whom the scripted browser plays.</summary>
/// <param name="User">At the server's identity provider.</param>
internal sealed record ScriptedPeople(SignInAs User)
{
    /// <summary>At the third party; null has the same name and password there, which is for demonstrations on one machine only.</summary>
    public SignInAs? ThirdParty { get; init; }

    /// <summary>The account for a third party's login page.</summary>
    /// <exception cref="ClientFailure">The page is elsewhere, and nobody said that it may have a password.</exception>
    public SignInAs At(Uri thirdParty) =>
        ThirdParty?.Password is { Length: > 0 } ? ThirdParty
        : thirdParty.IsLoopback ? User with { Name = ThirdParty?.Name ?? User.Name }
        : throw new ClientFailure(
            $"The third party at {thirdParty.Host} asks for a password.",
            "Say who you are there with --third-party-user and the environment variable TESTCLIENT_THIRD_PARTY_PASSWORD, or leave out --user to use your browser."
        );
}
