package io.platformkit.core.lease;

/** What is done while a lease is held. */
@FunctionalInterface
public interface LeasedWork {
  /** Does it; should end when interrupted. */
  void run(Lease lease) throws Exception;
}
