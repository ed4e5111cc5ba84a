using System.ComponentModel;
using System.Diagnostics;

namespace AspireGateway.TestClient.SignIn;

/// <summary>The browser that the person has set as default.</summary>
internal sealed class SystemBrowser : IBrowserLauncher
{
    /// <inheritdoc />
    public bool TryOpen(Uri url)
    {
        if (url.Scheme is not ("http" or "https"))
        {
            // Nothing that a server says may start another program.
            return false;
        }

        try
        {
            using var started = Process.Start(HowToOpen(url));
            return started is not null || OperatingSystem.IsWindows();
        }
        catch (Exception failure)
            when (failure is Win32Exception or FileNotFoundException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    private static ProcessStartInfo HowToOpen(Uri url)
    {
        if (OperatingSystem.IsWindows())
        {
            return new(url.AbsoluteUri) { UseShellExecute = true };
        }

        if (OperatingSystem.IsMacOS())
        {
            return new("open", [url.AbsoluteUri]);
        }

        var hasDisplay =
            Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("WSL_DISTRO_NAME") is { Length: > 0 };
        return hasDisplay
            ? new("xdg-open", [url.AbsoluteUri])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
            : throw new PlatformNotSupportedException("no display");
    }
}
