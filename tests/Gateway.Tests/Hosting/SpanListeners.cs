namespace AspireGateway.Gateway.Tests.Hosting;

/// <summary>Tests that listen to activity sources and meters, which are the process's and not the test's: they run alone.</summary>
[CollectionDefinition(nameof(SpanListeners), DisableParallelization = true)]
public sealed class SpanListeners;
