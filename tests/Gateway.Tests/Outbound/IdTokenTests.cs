using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Accounts;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>ID tokens and names, read as strictly as what a stranger writes deserves.</summary>
public sealed class IdTokenTests
{
    private const string Issuer = "https://id.example";
    private const string Client = "gateway";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Theory]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":"gateway","exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":["gateway"],"exp":1800000001}""")]
    [InlineData(
        """{"iss":"https://id.example","sub":"1","aud":["gateway","other"],"azp":"gateway","exp":1800000001}"""
    )]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":"gateway","azp":"gateway","exp":1800000001.5}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":"gateway","exp":1799999971}""")]
    public void A_token_of_this_server_for_this_client_is_read(string claims) => Read(claims).ShouldNotBeNull();

    [Theory]
    [InlineData("""{"sub":"1","aud":"gateway","exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example/","sub":"1","aud":"gateway","exp":1800000001}""")]
    [InlineData("""{"iss":["https://id.example"],"sub":"1","aud":"gateway","exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","aud":"gateway","exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","sub":"","aud":"gateway","exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":"Gateway","exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":[],"exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":["other"],"azp":"gateway","exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":["gateway","other"],"exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":["gateway",7],"exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":["gateway","other"],"azp":"other","exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":"gateway","azp":"other","exp":1800000001}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":"gateway"}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":"gateway","exp":"1800000001"}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","aud":"gateway","exp":1799999970}""")]
    [InlineData("""{"iss":"https://id.example","sub":"1","sub":"2","aud":"gateway","exp":1800000001}""")]
    [InlineData("""["iss"]""")]
    public void Every_other_token_is_not(string claims) => Read(claims).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("e30")]
    [InlineData("e30.e30")]
    [InlineData("e30.%%%.e30")]
    [InlineData("e30.e30.e30.e30.e30")]
    public void What_is_no_signed_token_is_not_read(string token) =>
        IdToken.Read(token, Issuer, Client, Now).ShouldBeNull();

    [Theory]
    [InlineData("""{"name":"N","email":"e@x","preferred_username":"p"}""", "", "p")]
    [InlineData("""{"name":"N","email":"e@x"}""", "", "e@x")]
    [InlineData("""{"name":"N","email":7,"preferred_username":null}""", "", "N")]
    [InlineData("""{"name":"N","preferred_username":" "}""", "", "N")]
    [InlineData("""{"login":"l","name":"N"}""", "login", "l")]
    [InlineData("""{"name":"N"}""", "login", null)]
    [InlineData("""{"name":"  A\u0000li\u202ece\u200b\n "}""", "", "Alice")]
    [InlineData("""{"name":"\u2028\u2029\ue000\ufdd0"}""", "", null)]
    [InlineData("""{"name":"Ali\u0063e \ud83d\ude00"}""", "", "Alice \ud83d\ude00")]
    [InlineData("""{}""", "", null)]
    public void A_name_is_text_that_changes_nothing_around_it(string document, string member, string? expected) =>
        AccountName.Read(JsonNode.Parse(document)!.AsObject(), member).ShouldBe(expected);

    [Fact]
    public void A_name_has_an_end_and_no_half_characters()
    {
        var longest = new string('a', AccountName.MaxLength);

        AccountName.Read(new JsonObject { ["name"] = longest + "b" }).ShouldBe(longest);
        AccountName.Read(new JsonObject { ["name"] = longest[1..] + "\ud83d\ude00" }).ShouldBe(longest[1..]);
    }

    private static JsonObject? Read(string claims) =>
        IdToken.Read($"{Encode("{}")}.{Encode(claims)}.{Encode("s")}", Issuer, Client, Now);

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
