using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Tests.Mcp;

/// <summary>Pages of the aggregate endpoint's lists.</summary>
public sealed class AggregateListTests
{
    private static readonly (string, string?) PageSize = ("Gateway:Mcp:ListPageSize", "3");

    [Fact]
    public async Task The_pages_of_a_list_over_many_targets_hold_each_item_once_and_in_order()
    {
        await using var offers = await TwoOffers.StartAsync(promptCount: 5, settings: PageSize);

        var pages = new List<List<string>>();
        string? cursor = null;
        do
        {
            var parameters = cursor is null ? "{}" : new JsonObject { ["cursor"] = cursor }.ToJsonString();
            var result = await offers.SendAsync("prompts/list", parameters);
            pages.Add([
                .. result
                    .GetProperty("prompts")
                    .EnumerateArray()
                    .Select(static p => p.GetProperty("name").GetString()!),
            ]);
            cursor = result.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        } while (cursor is not null);

        pages.Select(static page => page.Count).ShouldBe([3, 3, 3, 1]);
        var names = pages.SelectMany(static page => page).ToList();
        names.ShouldBe(names.Order(StringComparer.Ordinal));
        names.Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public async Task A_list_of_one_page_has_no_cursor()
    {
        await using var offers = await TwoOffers.StartAsync();

        (await offers.SendAsync("prompts/list")).TryGetProperty("nextCursor", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"not a cursor\"")]
    [InlineData("\"////\"")]
    [InlineData("\"AAAA\"")]
    [InlineData("7")]
    [InlineData("{}")]
    public async Task A_cursor_that_the_list_did_not_give_is_refused(string cursor)
    {
        await using var offers = await TwoOffers.StartAsync(promptCount: 5, settings: PageSize);

        var answer = await offers.AnswerAsync("prompts/list", $$"""{"cursor":{{cursor}}}""");

        answer.Error.GetProperty("code").GetInt32().ShouldBe(-32602);
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        await using var offers = await TwoOffers.StartAsync(promptCount: 5, settings: PageSize);
        var cursor = (await offers.SendAsync("prompts/list")).GetProperty("nextCursor").GetString();

        var other = await offers.AnswerAsync("resources/list", $$"""{"cursor":"{{cursor}}"}""");
        var same = await offers.AnswerAsync("prompts/list", $$"""{"cursor":"{{cursor}}"}""");

        other.Error.GetProperty("code").GetInt32().ShouldBe(-32602);
        same.Result.GetProperty("prompts").GetArrayLength().ShouldBe(3);
    }

    [Theory]
    [InlineData("prompts/list")]
    [InlineData("resources/list")]
    [InlineData("resources/templates/list")]
    public async Task Every_list_for_a_modern_client_says_how_long_and_by_whom_it_may_be_kept(string method)
    {
        await using var offers = await TwoOffers.StartAsync();

        var result = (await offers.ModernAsync(method)).Result;

        result.GetProperty("resultType").GetString().ShouldBe("complete");
        result.GetProperty("cacheScope").GetString().ShouldBe("private");
        result.GetProperty("ttlMs").GetInt32().ShouldBeGreaterThan(0);
    }
}
