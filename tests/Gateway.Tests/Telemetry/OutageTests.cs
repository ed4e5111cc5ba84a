using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Tests.Telemetry;

/// <summary>What of many failures and successes in a row is told.</summary>
public sealed class OutageTests
{
    [Fact]
    public void The_first_failure_and_the_first_success_after_it_are_news_and_no_other()
    {
        var outage = new Outage();

        outage.Ends().ShouldBeFalse("nothing failed yet");
        (outage.Begins(), outage.Begins(), outage.Begins()).ShouldBe((true, false, false));
        (outage.Ends(), outage.Ends()).ShouldBe((true, false));
        outage.Begins().ShouldBeTrue("that is another outage");
    }

    [Fact]
    public void Another_problem_is_news()
    {
        var outage = new Outage();

        (outage.Begins("refused"), outage.Begins("refused"), outage.Begins("wrong issuer")).ShouldBe(
            (true, false, true)
        );
    }
}
