namespace AspireGateway.Gateway.Targets;

/// <summary>Something wrong in the definition of a target.</summary>
/// <param name="Setting">Path of the setting below the target, as the configuration spells it; empty for the target itself.</param>
/// <param name="Text">What is wrong with it and what to do; goes on behind the setting's name.</param>
internal readonly record struct Mistake(string Setting, string Text);
