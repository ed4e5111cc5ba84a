using AspireGateway.Gateway.Vault.Grants;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

public sealed class GrantSubjectTests
{
    [Theory]
    [InlineData("corp", "alice")]
    [InlineData("corp", "line\nbreak\n")]
    [InlineData("", "")]
    public void What_names_a_grant_leads_back_to_it(string issuer, string subject)
    {
        var user = new UserId(issuer, subject);

        GrantSubject.TryParse(GrantSubject.Of(user, Target("notes")), out var found, out var target).ShouldBeTrue();

        found.ShouldBe(user);
        target.ShouldBe(Target("notes"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("notes")]
    [InlineData("notes\ncorp")]
    [InlineData("No Target\ncorp\nalice")]
    public void Anything_else_names_none(string text) => GrantSubject.TryParse(text, out _, out _).ShouldBeFalse();
}
