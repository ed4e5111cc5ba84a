using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Inbound.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Inbound;

/// <summary>What a policy asks for is decided, or nobody gets through.</summary>
public sealed class CallerEvaluatorTests
{
    private static readonly TokenRequirement Tools = new(ScopeSet.Parse("mcp:tools"));
    private static readonly TokenRequirement Admin = new(ScopeSet.Parse("mcp:admin"));

    [Fact]
    public async Task A_caller_with_every_scope_may()
    {
        var result = await AuthorizeAsync(CallerWith("mcp:tools mcp:admin"), Tools, Admin);

        result.Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task A_caller_who_lacks_a_scope_of_any_requirement_may_not()
    {
        var result = await AuthorizeAsync(CallerWith("mcp:tools"), Tools, Admin);

        result.Forbidden.ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_is_asked_to_sign_in()
    {
        var result = await AuthorizeAsync(caller: null, Tools);

        result.Challenged.ShouldBeTrue();
    }

    [Fact]
    public async Task A_requirement_of_another_kind_lets_nobody_in()
    {
        var requirement = new Microsoft.AspNetCore.Authorization.Infrastructure.DenyAnonymousAuthorizationRequirement();

        var thrown = await Should.ThrowAsync<InvalidOperationException>(() =>
            AuthorizeAsync(CallerWith("mcp:tools"), requirement)
        );

        thrown.Message.ShouldContain(nameof(TokenRequirement));
    }

    private static Caller CallerWith(string scopes) =>
        new(
            new UserId("https://issuer.example", "alice"),
            "client",
            ScopeSet.Parse(scopes),
            ["https://gateway.example/mcp"],
            DateTimeOffset.MaxValue
        );

    private static Task<Microsoft.AspNetCore.Authorization.Policy.PolicyAuthorizationResult> AuthorizeAsync(
        Caller? caller,
        params IAuthorizationRequirement[] requirements
    )
    {
        var context = new DefaultHttpContext();
        if (caller is not null)
        {
            context.User = caller.Principal;
        }

        var policy = new AuthorizationPolicy(requirements, authenticationSchemes: []);
        return new CallerEvaluator(tokens: null!).AuthorizeAsync(
            policy,
            caller?.Authenticated ?? AuthenticateResult.NoResult(),
            context,
            resource: null
        );
    }
}
