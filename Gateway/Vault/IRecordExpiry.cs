namespace AspireGateway.Gateway.Vault;

/// <summary>Is told of the records of one kind that nobody used before they expired.</summary>
internal interface IRecordExpiry
{
    /// <summary>Kind of the records.</summary>
    string Kind { get; }

    /// <summary>So many were deleted.</summary>
    void Expired(int count);
}
