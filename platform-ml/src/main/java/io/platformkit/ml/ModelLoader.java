package io.platformkit.ml;

/** Makes runners of one kind from files. Safe for concurrent use. */
public interface ModelLoader {
  /**
   * Loads a model. Blocks, as long as it takes.
   *
   * @param artifact the whole file
   * @throws ModelException if it is no such file, or can't be run here
   */
  ModelRunner load(VersionId id, byte[] artifact);
}
