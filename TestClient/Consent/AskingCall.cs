namespace AspireGateway.TestClient.Consent;

/// <summary>A call that a server answers with a question, and what has become of it so far.</summary>
internal sealed class AskingCall(string tool)
{
    private TaskCompletionSource _told = New();
    private string? _elicitationId;

    /// <summary>The tool.</summary>
    public string Tool { get; } = tool;

    /// <summary>How many times a consent was asked for.</summary>
    public int Consents { get; set; }

    /// <summary>What was asked, in the server's words.</summary>
    public string? Message { get; private set; }

    /// <summary>When it was asked.</summary>
    public long Since { get; private set; }

    /// <summary>A person was sent to the page, and nobody knows whether they are done.</summary>
    public bool IsPersonOnTheWay { get; set; }

    /// <summary>Completes when the server says that the consent is there.</summary>
    public Task Told => _told.Task;

    /// <summary>A new question.</summary>
    public void Begin(string message, string? elicitationId, long now)
    {
        (Message, _elicitationId, Since, _told) = (message, elicitationId, now, New());
        IsPersonOnTheWay = false;
    }

    /// <summary>What was told is used up; the next try may need to wait again.</summary>
    public void Forget() => _told = New();

    /// <summary>The server says that a consent is there; other questions' answers are none of ours.</summary>
    public void Complete(string? elicitationId)
    {
        if (elicitationId is not null && elicitationId == _elicitationId)
        {
            _told.TrySetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
