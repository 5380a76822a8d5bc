package planted.remote.provider.remote;

/** What only the factory may use. */
public interface Cluster {}
