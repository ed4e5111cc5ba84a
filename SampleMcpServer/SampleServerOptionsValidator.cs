namespace AspireGateway.SampleMcpServer;

/// <summary>Finds every mistake of the configuration at once, each with its fix.</summary>
internal static class SampleServerOptionsValidator
{
    /// <summary>The mistakes, one in each line; null when there is none.</summary>
    public static string? Validate(
        SampleServerOptions options,
        IHostEnvironment environment,
        IReadOnlyDictionary<string, Sample> samples
    )
    {
        var known = string.Join(", ", samples.Keys.Order(StringComparer.Ordinal));
        List<string> mistakes = [];
        if (string.IsNullOrWhiteSpace(options.Sample))
        {
            mistakes.Add($"SampleMcpServer:Sample is not set. Set it to one of: {known}.");
        }
        else if (!samples.TryGetValue(options.Sample, out var sample))
        {
            mistakes.Add(
                $"SampleMcpServer:Sample is '{options.Sample}', which does not exist. Set it to one of: {known}."
            );
        }
        else if (sample.Scopes is not null)
        {
            CheckUrl(nameof(options.PublicUrl), options.PublicUrl, "http://localhost:5191");
            CheckUrl(nameof(options.Authority), options.Authority, "http://localhost:5182/realms/partner");
        }

        if (options.LogArguments && !environment.IsDevelopment())
        {
            mistakes.Add(
                "SampleMcpServer:LogArguments is for Development only. Remove it, or set ASPNETCORE_ENVIRONMENT=Development."
            );
        }

        return mistakes.Count == 0 ? null : string.Join(Environment.NewLine, mistakes);

        void CheckUrl(string setting, string? value, string example)
        {
            var name = $"SampleMcpServer:{setting}";
            if (string.IsNullOrWhiteSpace(value))
            {
                mistakes.Add(
                    $"{name} is not set, but '{options.Sample}' is protected. Set it, for example to {example}."
                );
            }
            else if (
                !Uri.TryCreate(value, UriKind.Absolute, out var url)
                || url.Scheme is not ("http" or "https")
                || url.Query.Length > 0
                || url.Fragment.Length > 0
                || url.UserInfo.Length > 0
            )
            {
                mistakes.Add(
                    $"{name} is '{value}', which is no plain http or https address. Write for example {example}."
                );
            }
            else if (url.Scheme is "http" && !environment.IsDevelopment())
            {
                mistakes.Add($"{name} is '{value}'. Outside Development it must be https.");
            }
        }
    }
}
