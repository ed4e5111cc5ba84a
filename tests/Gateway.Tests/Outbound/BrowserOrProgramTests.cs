using AspireGateway.Gateway.Outbound.SelfService;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Matching;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Whether a request is a browser's or a program's, where both are served under one path.</summary>
public sealed class BrowserOrProgramTests
{
    private static readonly Endpoint Page = Of(AudienceMetadata.Browsers);
    private static readonly Endpoint Api = Of(AudienceMetadata.Programs);
    private static readonly Endpoint Other = Of();

    [Theory]
    [InlineData("text/html", null, true)]
    [InlineData("application/json, text/html;q=0.1", null, true)]
    [InlineData("text/html;q=0", null, false)]
    [InlineData("application/json", null, false)]
    [InlineData("*/*", null, false)]
    [InlineData(null, null, false)]
    [InlineData("text/html", "Bearer x", false)]
    public async Task The_page_is_for_whoever_wants_html_and_brings_no_token(
        string? accept,
        string? authorization,
        bool isPage
    )
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Accept = accept;
        context.Request.Headers.Authorization = authorization;
        var candidates = new CandidateSet(
            [Page, Api, Other, Page],
            [
                [],
                [],
                [],
                [],
            ],
            [0, 0, 0, 0]
        );
        candidates.SetValidity(3, false);

        await new BrowserOrProgram().ApplyAsync(context, candidates);

        candidates.IsValidCandidate(0).ShouldBe(isPage);
        candidates.IsValidCandidate(1).ShouldBe(!isPage);
        candidates.IsValidCandidate(2).ShouldBeTrue("it says for nobody that it is theirs");
        candidates.IsValidCandidate(3).ShouldBeFalse("another policy has refused it");
    }

    [Fact]
    public void Where_no_endpoint_says_for_whom_it_is_nothing_is_chosen()
    {
        new BrowserOrProgram().AppliesToEndpoints([Other, Page]).ShouldBeTrue();
        new BrowserOrProgram().AppliesToEndpoints([Other]).ShouldBeFalse();
    }

    private static Endpoint Of(params object[] metadata) =>
        new(static _ => Task.CompletedTask, new EndpointMetadataCollection(metadata), displayName: null);
}
