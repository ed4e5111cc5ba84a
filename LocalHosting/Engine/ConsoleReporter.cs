using AspireGateway.Dashboard;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>Writes what happens: one line for each log line and for each change, a table when everything is up.</summary>
internal sealed class ConsoleReporter
{
    private const int LastLines = 15;

    private readonly Lock _gate = new();
    private readonly ConsoleStyle _style;
    private readonly SystemEngine _engine;
    private readonly List<string> _names;
    private readonly int _width;
    private bool _tableShown;
    private bool _stopping;

    public ConsoleReporter(ConsoleStyle style, SystemEngine engine)
    {
        _style = style;
        _engine = engine;
        _names = [.. engine.Board.Resources.Select(static resource => resource.Name)];
        _width = _names.Append("dashboard").Max(static name => name.Length);
        engine.Board.OnLine(ShowLine);
        engine.Board.OnStateChange(ShowChange);
    }

    public void ShowDashboard() =>
        Write(Prefix("dashboard", ' '), _style.Paint($"{_engine.DashboardUrl}", ConsoleStyle.Bold));

    public void ShowRefusal(string message)
    {
        foreach (var line in message.Split(Environment.NewLine))
        {
            Write(_style.Paint($"✘ {line}", ConsoleStyle.Red));
        }
    }

    public void ShowStopping()
    {
        _stopping = true;
        Write(_style.Paint("Stopping everything, the last started first; Ctrl-C again kills.", ConsoleStyle.Yellow));
    }

    public void ShowStopped() => Write(_style.Paint("Everything has stopped.", ConsoleStyle.Grey));

    private void ShowLine(string name, LogLine line)
    {
        var plain = Printable.Clean(line.Text);
        var color = LogColors.Of(line with { Text = plain });
        var own = _style.HasColor && plain.Length < line.Text.Length ? line.Text + Printable.Reset : plain;
        Write(Prefix(name, '│'), color is null ? own : _style.Paint(plain, color));
    }

    private void ShowChange(ResourceSnapshot before, ResourceSnapshot now)
    {
        if (now.Type == "Parameter" || (before.State == now.State && before.Detail == now.Detail))
        {
            return;
        }

        if (!_stopping && _engine.IsFailure(now))
        {
            ShowFailure(now);
            return;
        }

        var color = now.State switch
        {
            ResourceState.Healthy => ConsoleStyle.Green,
            ResourceState.Unhealthy => ConsoleStyle.Yellow,
            _ => ConsoleStyle.Grey,
        };
        Write(Prefix(now.Name, '●'), _style.Paint($"{Words.Of(now.State)} {now.Detail}".TrimEnd(), color));
        ShowTableWhenUp();
    }

    private void ShowFailure(ResourceSnapshot now)
    {
        lock (_gate)
        {
            Write(Prefix(now.Name, '✘'), _style.Paint($"{Words.Of(now.State)} {now.Detail}", ConsoleStyle.Red));
            var lines = _engine.Board.GetLogs(now.Name, LastLines);
            if (lines.Count > 0)
            {
                Write(_style.Paint($"  Last lines of {now.Name}:", ConsoleStyle.Red));
            }

            foreach (var line in lines)
            {
                Write(_style.Paint($"  │ {Printable.Clean(line.Text)}", ConsoleStyle.Red));
            }
        }
    }

    private void ShowTableWhenUp()
    {
        var resources = _engine.Board.Resources;
        if (_tableShown || resources.Any(resource => _engine.IsService(resource.Name) && !_engine.IsUp(resource)))
        {
            return;
        }

        _tableShown = true;
        var rows = resources
            .Where(static resource => resource.Type != "Parameter")
            .SelectMany(static resource =>
                resource.Urls.Count == 0
                    ? [(resource.Name, Words.Of(resource.State), string.Empty)]
                    : resource.Urls.Select(url => (resource.Name, Words.Of(resource.State), url.Url))
            )
            .Append(("dashboard", Words.Of(ResourceState.Running), $"{_engine.DashboardUrl}"));
        lock (_gate)
        {
            Write(string.Empty);
            Write(_style.Paint($"  {"RESOURCE".PadRight(_width)}  {"STATE", -9}  URL", ConsoleStyle.Bold));
            foreach (var (name, state, url) in rows)
            {
                Write($"  {name.PadRight(_width)}  {_style.Paint($"{state, -9}", ConsoleStyle.Green)}  {url}");
            }

            Write(string.Empty);
        }
    }

    private string Prefix(string name, char mark) =>
        _style.Paint($"{name.PadRight(_width)} {mark} ", ConsoleStyle.OfResource(Math.Max(0, _names.IndexOf(name))));

    private void Write(string prefix, string text = "")
    {
        lock (_gate)
        {
            _style.Output.WriteLine(prefix + text);
        }
    }
}
