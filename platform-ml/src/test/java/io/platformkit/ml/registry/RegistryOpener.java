package io.platformkit.ml.registry;

/**
 * Opens a registry in a process of its own, by what its command line says. Implementations are
 * public and have a constructor without parameters.
 */
public interface RegistryOpener {
  /**
   * Opens it; the process never closes it.
   *
   * @param where the server, in the opener's own words: a URI, a path
   */
  ModelRegistry open(String where);
}
