namespace AspireGateway.Gateway.Vault;

/// <summary>Tells all replicas, this one included, that something changed. Heard within a second; may be heard twice.</summary>
internal interface IChangeFeed
{
    /// <summary>Says that something changed.</summary>
    /// <param name="topic">What kind of thing, for example <c>targets</c>.</param>
    /// <param name="subject">Which one; no secret, because it is stored as it is.</param>
    /// <param name="cancel">Stops waiting.</param>
    Task PublishAsync(string topic, string subject, CancellationToken cancel);

    /// <summary>
    /// Calls back with the subject of each change of a topic, until disposed. An empty subject means that changes may have been
    /// missed, at the start and after a long silence of the database. Callbacks must return at once.
    /// </summary>
    IDisposable Subscribe(string topic, Action<string> onChange);
}
