namespace AspireGateway.SampleMcpServer.Tests;

/// <summary>Tests that listen to activity sources, which are the process's and not the test's: they run alone.</summary>
[CollectionDefinition(nameof(SpanListeners), DisableParallelization = true)]
public sealed class SpanListeners;
