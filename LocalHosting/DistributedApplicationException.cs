namespace AspireGateway.LocalHosting;

/// <summary>The model is wrong, or cannot run here; the message says what to do.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>With a message for a person.</summary>
    public DistributedApplicationException(string message)
        : base(message) { }

    /// <summary>With a message for a person, and what was behind it.</summary>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner) { }
}

/// <summary>A parameter has neither a configured value nor a default.</summary>
public class MissingParameterValueException : DistributedApplicationException
{
    /// <summary>With a message for a person.</summary>
    public MissingParameterValueException(string message)
        : base(message) { }
}
