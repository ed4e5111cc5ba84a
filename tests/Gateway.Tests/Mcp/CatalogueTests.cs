using System.Net;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Tests.Admin;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Mcp;

/// <summary>How the catalogue learns that a target lists something else, and what it refuses to keep.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public async Task What_a_target_says_has_changed_is_read_again_and_told_to_listeners_and_administrators()
    {
        await using var offers = await TwoOffers.StartAsync();
        var told = new List<CatalogueChange>();
        using var listening = offers.Service<CatalogueChanges>().Subscribe(told.Add);
        offers.Host.Target.Offer!.PromptCount = 2;

        offers.Say("notifications/prompts/list_changed");
        await Eventually.HoldsAsync(() => told.Count > 0);

        var change = told.ShouldHaveSingleItem();
        change.Target.Value.ShouldBe("weather");
        change.User.ShouldBeNull();
        change.Lists.ShouldBe([ListKind.Prompts]);
        (await offers.SendAsync("prompts/list")).GetProperty("prompts").GetArrayLength().ShouldBe(3);
        var view = (await offers.Host.AdminAsync(HttpMethod.Get, "/targets/weather")).Json;
        view["promptCount"]!.GetValue<int>().ShouldBe(2);
        view["resourceCount"]!.GetValue<int>().ShouldBe(1);
        view["lastChange"]!["difference"]!["prompts"]!["added"]!
            .AsArray()
            .ShouldHaveSingleItem()!
            .GetValue<string>()
            .ShouldBe("weather_advice_001");
        offers.Host.Logs.Text.ShouldContain("The prompts of target weather changed. Added: weather_advice_001.");
    }

    [Fact]
    public async Task What_a_target_says_about_itself_in_between_is_not_answered_with_a_flood_of_reads()
    {
        await using var offers = await TwoOffers.StartAsync();

        for (var i = 0; i < 200; i++)
        {
            offers.Say("notifications/prompts/list_changed");
        }

        await Eventually.HoldsAsync(() => offers.Host.Target.Calls("prompts/list").Any());
        offers.Host.Target.Calls("prompts/list").Count().ShouldBeLessThan(5);
    }

    [Fact]
    public async Task An_administrator_is_told_what_a_synchronization_has_changed_in_every_list()
    {
        await using var offers = await TwoOffers.StartAsync();
        var offer = offers.Host.Target.Offer!;
        (offer.PromptCount, offer.Description) = (2, "Other advice");

        var first = (await offers.Host.AdminAsync(HttpMethod.Post, "/targets/weather/synchronize")).Json;
        var second = (await offers.Host.AdminAsync(HttpMethod.Post, "/targets/weather/synchronize")).Json;

        Names(first["prompts"]!["added"]).ShouldBe(["weather_advice_001"]);
        Names(first["prompts"]!["changed"]).ShouldBe(["weather_advice"]);
        Names(first["resources"]!["changed"]).ShouldBe(["weather://cities"]);
        Names(first["resourceTemplates"]!["changed"]).ShouldBe(["weather://cities/{city}"]);
        Names(second["prompts"]!["added"]).ShouldBeEmpty();
        Names(second["resources"]!["changed"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_target_that_lists_too_much_has_failed_with_the_reason_and_what_was_known_stays()
    {
        await using var offers = await TwoOffers.StartAsync(settings: ("Gateway:Catalogue:MaxBytes", "65536"));
        offers.Host.Target.Offer!.Description = new string('x', 70_000);

        var answer = await offers.Host.AdminAsync(HttpMethod.Post, "/targets/weather/synchronize");
        var other = await offers.Host.AdminAsync(HttpMethod.Post, "/targets/maps/synchronize");

        answer.Status.ShouldBe(HttpStatusCode.BadGateway);
        answer.Json["detail"]!.GetValue<string>().ShouldContain("Gateway:Catalogue:MaxBytes");
        other.Status.ShouldBe(HttpStatusCode.OK);
        var prompts = (await offers.SendAsync("prompts/list")).GetProperty("prompts");
        prompts.GetArrayLength().ShouldBe(2);
        prompts[1].GetProperty("description").GetString().ShouldBe("Advice");
    }

    [Fact]
    public async Task More_items_than_the_limit_are_not_listed()
    {
        await using var offers = await TwoOffers.StartAsync(
            promptCount: 5,
            settings: ("Gateway:Catalogue:MaxItems", "3")
        );

        (await offers.SendAsync("prompts/list")).GetProperty("prompts").GetArrayLength().ShouldBe(6);
        (await offers.SendAsync("resources/list")).GetProperty("resources").GetArrayLength().ShouldBe(2);
        offers.Host.Logs.Text.ShouldContain("more than 3 prompts");
    }

    private static IEnumerable<string> Names(System.Text.Json.Nodes.JsonNode? names) =>
        names!.AsArray().Select(static name => name!.GetValue<string>());
}
