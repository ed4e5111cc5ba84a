using System.CommandLine;
using AspireGateway.Gateway.Audit.Anchors;
using AspireGateway.Gateway.Audit.Verification;

namespace AspireGateway.Gateway.Audit.Commands;

/// <summary><c>gateway audit verify</c> and <c>gateway audit export</c>: read the record where the gateway's configuration says that it is.</summary>
internal static class AuditCommand
{
    private const string Name = "audit";

    /// <summary>Exit code for a record that is sound.</summary>
    private const int Sound = 0;

    /// <summary>Exit code for a record that is not, or cannot be read.</summary>
    private const int NotSound = 1;

    private static readonly Option<string?> Path = new("--path")
    {
        Description = "Folder of the record, where it is not the one of the configuration.",
    };

    private static readonly Option<string?> Anchors = new("--anchors")
    {
        Description =
            "Folder of the anchors. With --path and without this: the record's folder with -anchors behind its name.",
    };

    /// <summary>Whether the program was started for this, and not to serve.</summary>
    public static bool IsAskedFor(string[] arguments) => arguments is [Name, ..];

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Command line, beginning with <c>audit</c>.</param>
    /// <param name="output">Where to write; standard output when null.</param>
    /// <param name="error">Where to write what went wrong; standard error when null.</param>
    public static Task<int> RunAsync(string[] arguments, TextWriter? output = null, TextWriter? error = null)
    {
        var audit = new Command(Name, "Looks into the audit record.");
        audit.Add(Verify());
        audit.Add(Export());
        var root = new RootCommand("AspireGateway") { audit };
        var invocation = new InvocationConfiguration();
        invocation.Output = output ?? invocation.Output;
        invocation.Error = error ?? invocation.Error;
        return root.Parse(arguments).InvokeAsync(invocation);
    }

    private static Command Verify()
    {
        var keys = new Option<string[]>("--public-key")
        {
            Description = "PEM file of a public key that signed anchors; the configured keys are known.",
        };
        var command = new Command("verify", "Finds the first record that was changed, removed, inserted or moved.")
        {
            Path,
            Anchors,
            keys,
        };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return Guard(error, () => Verify(Locate(parsed), parsed.GetValue(keys) ?? [], output, error));
        });
        return command;
    }

    private static Command Export()
    {
        var from = new Option<DateTimeOffset?>("--from") { Description = "Only records at or after this time." };
        var to = new Option<DateTimeOffset?>("--to") { Description = "Only records before this time." };
        var user = new Option<string?>("--user") { Description = "Only records of this person: issuer:subject." };
        var command = new Command("export", "Writes records as JSON lines, in the order of their times.")
        {
            Path,
            from,
            to,
            user,
        };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return Guard(
                error,
                () =>
                {
                    var export = new AuditExport(parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(user));
                    return Export(export, Locate(parsed).FullPath, output, error);
                }
            );
        });
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(from) >= parsed.GetValue(to))
            {
                parsed.AddError("--from must be before --to.");
            }
        });
        return command;
    }

    // Nothing is easily taken for "nothing happened", and a record with a hole for a whole one.
    private static int Export(AuditExport export, string folder, TextWriter output, TextWriter error)
    {
        export.Write(folder, output);
        if (export.Written == 0)
        {
            error.WriteLine(
                $"note: no record in {folder} matches. --user is the issuer's name with the subject: corp:5f0c…."
            );
        }

        foreach (var line in export.LeftOut)
        {
            error.WriteLine($"✘ {line}: left out, it is no record; 'audit verify' says more");
        }

        return export.LeftOut.Count == 0 ? Sound : NotSound;
    }

    private static int Verify(AuditOptions options, string[] publicKeys, TextWriter output, TextWriter error)
    {
        var folder = new AnchorFolder(options.FullAnchorsPath);
        var hasAnchors = options.Anchors.Enabled || folder.Files.Any();
        var keys = publicKeys
            .Concat(options.Anchors.FormerKeyFiles)
            .Select(static file => AnchorKeys.ReadFile(file, needsPrivate: false))
            .ToList();
        if (hasAnchors && AnchorKeys.Read(options.Anchors, folder) is { } own)
        {
            keys.Add(own);
        }

        var report = new AuditVerifier(options.FullPath, hasAnchors ? folder : null, keys).Verify();
        foreach (var note in report.Notes)
        {
            output.WriteLine($"note: {note}");
        }

        foreach (var finding in report.Findings)
        {
            error.WriteLine($"✘ {finding}");
        }

        output.WriteLine($"{(report.IsSound ? "✔ sound" : "✘ not sound")}: {report.Summary} in {options.FullPath}");
        return report.IsSound ? Sound : NotSound;
    }

    private static int Guard(TextWriter error, Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            error.WriteLine($"✘ {exception.Message}");
            return NotSound;
        }
    }

    // The same files and environment variables that the gateway reads.
    private static AuditOptions Locate(ParseResult parsed)
    {
        var configuration = Host.CreateApplicationBuilder().Configuration;
        var options = new AuditOptions();
        configuration.GetSection(AuditOptions.Section).Bind(options);
        if (parsed.GetValue(Path) is { } path)
        {
            options.Path = System.IO.Path.GetFullPath(path);
            options.Anchors.Path = "";
        }

        if (parsed.CommandResult.Command.Options.Contains(Anchors) && parsed.GetValue(Anchors) is { } anchors)
        {
            options.Anchors.Path = System.IO.Path.GetFullPath(anchors);
        }

        return options;
    }
}
