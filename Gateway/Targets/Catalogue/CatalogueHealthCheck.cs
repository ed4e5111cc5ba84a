namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>Not healthy before every target was asked for its tools once. A target that is down later does not count: the others work.</summary>
internal sealed class CatalogueHealthCheck(CatalogueSynchronizer synchronizer, TimeProvider time)
    : StartHealthCheck(synchronizer.TriedAll, "The tools of the targets are still being read.", time);
