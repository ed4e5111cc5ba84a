namespace AspireGateway.AppHost.Keycloak;

/// <summary>What a person can do about a Keycloak that does not start. Keycloak's own line says what is wrong.</summary>
internal static class KeycloakFailures
{
    // Text that Keycloak, its script or Java writes, and what helps; the first that occurs counts.
    private static readonly (string Text, string Advice)[] Known =
    [
        (
            "is an unrecognized feature",
            "This Keycloak lacks a feature that the realms need. Point KEYCLOAK_HOME to 26.6 or newer, "
                + "or set IdentityProvider=embedded."
        ),
        ("Port already bound", "Another program has taken the port. Stop it and start again."),
        (
            "Database may be already in use",
            "Another Keycloak of this clone is running with the same data. Stop it and start again."
        ),
        (
            "UnsupportedClassVersionError",
            "This Java is too old. Install Java 21 (17 at least), or set JAVA_HOME to one."
        ),
        ("OutOfMemoryError", "Give Keycloak more memory: set JAVA_OPTS_KC_HEAP=-Xmx768m."),
        ("java: not found", NoJava),
        ("java: command not found", NoJava),
        ("java: No such file", NoJava),
        ("java.exe\" does not exist", NoJava),
        ("'java' is not recognized", NoJava),
    ];

    private const string NoJava =
        "Keycloak needs Java. Install a Java 21 runtime (17 at least), or set JAVA_HOME to one; "
        + "or set IdentityProvider=embedded.";

    /// <summary>Advice for the log of a Keycloak that has ended; null when nothing is known about it.</summary>
    /// <param name="lines">What it wrote.</param>
    /// <param name="realms">Folder of the realm files.</param>
    public static string? Explain(IReadOnlyList<string> lines, string realms)
    {
        var known = Known.FirstOrDefault(entry => Contains(lines, entry.Text));
        if (known.Advice is not null)
        {
            return known.Advice;
        }

        // Whatever goes wrong between these two lines is in a realm file; the messages have nothing in common.
        return
            Contains(lines, "Full model import requested") && !Contains(lines, "Import finished successfully")
            || Contains(lines, "Failed to run import")
            ? $"A realm file has a mistake: change what the ERROR line names in {realms}. The README there explains every part."
            : null;
    }

    private static bool Contains(IReadOnlyList<string> lines, string text) =>
        lines.Any(line => line.Contains(text, StringComparison.Ordinal));
}
