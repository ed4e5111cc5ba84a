using AspireGateway.Bench;

// Each part runs in a process of its own, started from this same program, so that its processor time can be read.
return args switch
{
    ["target", var url] => await BenchTarget.RunAsync(url),
    ["sink", var url] => await OtlpSink.RunAsync(url),
    ["proxy", var url, var target] => await BareProxy.RunAsync(url, target),
    ["compare", .. var options] => await Comparison.RunAsync(BenchOptions.Parse(options)),
    ["soak", .. var options] => await Soak.RunAsync(options),
    ["idle", .. var options] => await Idle.RunAsync(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "bench compare [--rounds N] [--seconds S] [--connections 1,16,64] [--tables small,vault,big,streams,audit,telemetry]   compare the gateway with a bare proxy\n"
            + "bench soak [--minutes N]   half load for minutes, to see whether memory stays\n"
            + "bench idle [--users N]      what people cost in memory who are idle"
    );
    return 64;
}
