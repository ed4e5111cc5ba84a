namespace AspireGateway.LocalHosting.Engine;

/// <summary>What every project resource gets, in the order in which Aspire gives it; later settings of the model win.</summary>
internal static class ProjectDefaults
{
    public static void Apply(ProjectResource resource)
    {
        var definition = resource.Definition;
        var profile = definition.LaunchProfile;
        foreach (var url in profile?.ApplicationUrl?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            var uri = new Uri(url);
            var same = definition.Endpoints.Count(endpoint => endpoint.Scheme == uri.Scheme);
            var name = same == 0 ? uri.Scheme : $"{uri.Scheme}{same + 1}";
            definition.Endpoints.Add(
                new EndpointDefinition(name, uri.Scheme) { Port = uri.Port == 0 ? null : uri.Port }
            );
        }

        definition.Environment.Add(context =>
        {
            // Of a replica its own.
            Set(context.EnvironmentVariables, ResourceDefinition.Of(context.Resource), profile);
            return Task.CompletedTask;
        });
    }

    private static void Set(Dictionary<string, object> variables, ResourceDefinition definition, LaunchProfile? profile)
    {
        // One line per record, so that the console can put the resource's name before it.
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["LOGGING__CONSOLE__FORMATTEROPTIONS__SINGLELINE"] = "true";
        variables["LocalHosting__ParentWatch"] = "stdin";
        if (definition.Endpoints.Count > 0)
        {
            variables["ASPNETCORE_URLS"] = string.Join(
                ';',
                definition.Endpoints.Select(static endpoint =>
                    $"{endpoint.Scheme}://{endpoint.Host}:{endpoint.AllocatedPort}"
                )
            );
        }

        if (profile is not null)
        {
            variables["DOTNET_LAUNCH_PROFILE"] = profile.Name;
            foreach (var (name, value) in profile.EnvironmentVariables ?? [])
            {
                variables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
            }
        }
    }
}
