namespace AspireGateway.LocalHosting.Engine;

/// <summary>
/// Makes several resources of one that wants replicas: each process is a resource of its own, <c>name-1</c> and so on, on a port of
/// its own; under the name itself runs the front door, at the address that everybody knows.
/// </summary>
internal static class ReplicaPlan
{
    public static IReadOnlyList<Resource> Expand(IEnumerable<Resource> resources) => [.. resources.SelectMany(Expand)];

    private static IEnumerable<Resource> Expand(Resource resource)
    {
        var definition = resource.Definition;
        if (definition.Replicas == 1 || definition.FrontOf.Count > 0 || resource is not ProjectResource project)
        {
            return [resource];
        }

        if (definition.Replicas < 1 || definition.Endpoints.Count == 0)
        {
            throw new DistributedApplicationException(
                $"'{resource.Name}' cannot have {definition.Replicas} replicas: that takes one at least, and an endpoint."
            );
        }

        definition.FrontOf.AddRange(Enumerable.Range(1, definition.Replicas).Select(number => Copy(project, number)));
        definition.Waits.Clear();
        definition.Waits.AddRange(definition.FrontOf.Select(static replica => new WaitDefinition(replica, null)));
        return [.. definition.FrontOf, resource];
    }

    private static ProjectResource Copy(ProjectResource project, int number)
    {
        var copy = new ProjectResource($"{project.Name}-{number}", project.ProjectPath, project.AssemblyPath);
        var (from, to) = (project.Definition, copy.Definition);
        to.ReplicaOf = project;
        to.LaunchProfile = from.LaunchProfile;
        to.ExplicitStart = from.ExplicitStart;
        to.SendsTelemetry = from.SendsTelemetry;
        to.Environment.AddRange(from.Environment);
        to.Arguments.AddRange(from.Arguments);
        to.Waits.AddRange(from.Waits);
        to.FailureHints.AddRange(from.FailureHints);
        to.Endpoints.AddRange(
            from.Endpoints.Select(static endpoint => new EndpointDefinition(endpoint.Name, endpoint.Scheme)
            {
                PortVariable = endpoint.PortVariable,
            })
        );
        to.HealthChecks.AddRange(from.HealthChecks.Select(check => check.For(copy)));
        return copy;
    }
}
