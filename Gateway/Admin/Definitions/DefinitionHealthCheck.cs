namespace AspireGateway.Gateway.Admin.Definitions;

/// <summary>Not healthy before the definitions were read: this replica would not know targets that the others have.</summary>
internal sealed class DefinitionHealthCheck(DefinitionStore store, TimeProvider time)
    : StartHealthCheck(store.Loaded, "The targets of the admin API are not read yet; that needs the vault.", time);
