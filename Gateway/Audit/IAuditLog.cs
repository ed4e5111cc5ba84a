namespace AspireGateway.Gateway.Audit;

/// <summary>The append-only record of calls and decisions.</summary>
internal interface IAuditLog
{
    /// <summary>Records what is about to happen, and waits until that survives the end of the process.</summary>
    /// <returns>For its outcome; null when it could not be recorded, and then it must not happen.</returns>
    ValueTask<AuditCall?> BeginAsync(AuditRecord intent);

    /// <summary>
    /// Records an outcome, or a decision after which nothing happens. The outcome of an intent that still waits is written in the intent's
    /// record. What is recorded is written together with the next intent, and within
    /// <see cref="Chain.AuditLog.LongestWait"/> at the latest; while nothing can be written it is kept.
    /// </summary>
    void Add(AuditRecord record);
}
