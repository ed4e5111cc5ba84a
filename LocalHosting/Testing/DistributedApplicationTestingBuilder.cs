using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.LocalHosting.Testing;

/// <summary>Makes applications for tests: dynamic ports, no dashboard, nothing on the console.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Makes an empty model.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) =>
        new TestingBuilder(
            new EngineOptions
            {
                AppHostAssembly = System.Reflection.Assembly.GetCallingAssembly(),
                Args = args,
                IsTest = true,
            }
        );

    /// <summary>Runs an AppHost's own code up to its <c>Build()</c>, and gives the model that it wrote.</summary>
    /// <typeparam name="TEntryPoint">A class in the AppHost's assembly: <c>Projects.AppHost</c>.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        CancellationToken cancellationToken = default
    )
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Runs an AppHost's own code up to its <c>Build()</c>, and gives the model that it wrote.</summary>
    /// <typeparam name="TEntryPoint">A class in the AppHost's assembly: <c>Projects.AppHost</c>.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args,
        CancellationToken cancellationToken = default
    )
        where TEntryPoint : class =>
        new EntryPointRun(typeof(TEntryPoint).Assembly, args).StartAsync(cancellationToken);
}

/// <summary>A model in a test: it can be changed before it is built.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder
{
    /// <summary>Ends the writing.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
