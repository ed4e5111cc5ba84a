namespace AspireGateway.Gateway.Audit;

/// <summary>Something cannot be recorded at the moment, and was therefore not done.</summary>
internal sealed class AuditUnavailableException() : Exception("The audit record cannot be written.");
