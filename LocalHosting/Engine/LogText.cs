using System.Text.RegularExpressions;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>Lines of .NET's console logger as a person wants to read them.</summary>
internal static partial class LogText
{
    /// <summary>
    /// <c>info: Company.Product.Feature.Writer[1893] Something happened</c> becomes <c>info: Writer Something happened</c>: the namespace is the
    /// same in most lines, and the number is a hash. Other lines stay as they are.
    /// </summary>
    public static string Shorten(string line) => Head().Replace(line, "${level}: ${writer} ", 1);

    [GeneratedRegex(
        @"^(?<level>(\x1b\[[\d;]*m)*(trce|dbug|info|warn|fail|crit)(\x1b\[[\d;]*m)*): ([\w`+]+\.)*(?<writer>[\w`+]+)\[-?\d+\] ",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Head();
}
