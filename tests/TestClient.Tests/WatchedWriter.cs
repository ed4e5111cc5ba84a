using System.Text;

namespace AspireGateway.TestClient.Tests;

/// <summary>Tells when a line that a test waits for has been written.</summary>
internal sealed class WatchedWriter(Func<string, bool> wanted) : StringWriter
{
    private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Encoding Encoding => Encoding.UTF8;

    public Task<string> LineAsync(CancellationToken cancellationToken) => _line.Task.WaitAsync(cancellationToken);

    public override void Write(char value)
    {
        base.Write(value);
        Look();
    }

    public override void Write(string? value)
    {
        base.Write(value);
        Look();
    }

    public override void Write(char[] buffer, int index, int count)
    {
        base.Write(buffer, index, count);
        Look();
    }

    private void Look()
    {
        var complete = ToString().Split('\n').SkipLast(1);
        if (complete.FirstOrDefault(wanted) is { } line)
        {
            _line.TrySetResult(line.Trim());
        }
    }
}
