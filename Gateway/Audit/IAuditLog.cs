namespace AspireGateway.Gateway.Audit;

/// <summary>The append-only record of calls and refusals.</summary>
internal interface IAuditLog
{
    /// <summary>Whether a record could be written now; a call must not go upstream when it could not.</summary>
    bool IsWritable { get; }

    /// <summary>Appends one record.</summary>
    /// <returns>False when it could not be written; <see cref="IsWritable"/> is then false until a write succeeds.</returns>
    bool Append(AuditRecord record);
}
