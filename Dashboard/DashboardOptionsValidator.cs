namespace AspireGateway.Dashboard;

/// <summary>Finds every mistake in <see cref="DashboardOptions"/> at once, each with its fix.</summary>
internal static class DashboardOptionsValidator
{
    private const int MinimumSecretLength = 16;

    public static IReadOnlyList<string> Validate(DashboardOptions options)
    {
        var errors = new List<string>();
        CheckUrl(errors, nameof(options.Url), options.Url);
        CheckUrl(errors, nameof(options.OtlpGrpcUrl), options.OtlpGrpcUrl);
        CheckSecret(errors, nameof(options.LoginToken), options.LoginToken);
        CheckSecret(errors, nameof(options.OtlpApiKey), options.OtlpApiKey);
        if (errors.Count == 0 && options.Url.Port != 0 && options.Url.Port == options.OtlpGrpcUrl.Port)
        {
            errors.Add(
                $"OtlpGrpcUrl has the port of Url ({options.Url.Port}), but gRPC without TLS needs one of its own: use another port, or 0 for a free one."
            );
        }
        return errors;
    }

    private static void CheckUrl(List<string> errors, string name, Uri url)
    {
        if (!url.IsAbsoluteUri || url.Scheme != Uri.UriSchemeHttp)
        {
            errors.Add($"{name} '{url}' is no http URL: use one like http://localhost:5170.");
        }
        else if (!url.IsLoopback)
        {
            errors.Add(
                $"{name} '{url}' is not on loopback, and the dashboard shows environments and logs: use localhost, 127.0.0.1 or [::1]."
            );
        }
    }

    private static void CheckSecret(List<string> errors, string name, string value)
    {
        if (value.Length < MinimumSecretLength)
        {
            errors.Add(
                $"{name} has {value.Length} characters: generate a random one of at least {MinimumSecretLength}, for example 32 hexadecimal digits."
            );
        }
    }
}
