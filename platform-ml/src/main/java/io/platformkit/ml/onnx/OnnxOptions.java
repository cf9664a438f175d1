package io.platformkit.ml.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.VersionId;
import java.util.List;

/** What {@link OnnxLoaderBuilder} was given, checked. */
record OnnxOptions(
    ProviderOptions provider,
    int intraOpThreads,
    int interOpThreads,
    boolean spinning,
    GraphOptimization graphOptimization,
    boolean cpuArena,
    boolean memoryPattern,
    boolean deterministic,
    List<Integer> frozenBatchSizes) {

  /** A file may not name others that it wants to read: the hash of its version is of itself. */
  private static final String NOWHERE = "weights-must-be-in-the-file";

  /** The same on the processor. */
  OnnxOptions onCpu() {
    return new OnnxOptions(
        ProviderOptions.CPU,
        intraOpThreads,
        interOpThreads,
        spinning,
        graphOptimization,
        cpuArena,
        memoryPattern,
        deterministic,
        frozenBatchSizes);
  }

  /**
   * For one session; the caller closes them.
   *
   * @throws ModelException if the provider is not there
   */
  SessionOptions session(VersionId id) throws OrtException {
    SessionOptions session = new SessionOptions();
    try {
      setThreads(session);
      session.addConfigEntry("session.model_external_initializers_file_folder_path", NOWHERE);
      session.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL); // what fails is thrown
      session.setOptimizationLevel(graphOptimization.level());
      session.setCPUArenaAllocator(cpuArena);
      session.setMemoryPatternOptimization(memoryPattern);
      session.setDeterministicCompute(deterministic);
      provider.addTo(session, id);
      return session;
    } catch (OrtException | RuntimeException failure) {
      session.close();
      throw failure;
    }
  }

  private void setThreads(SessionOptions session) throws OrtException {
    boolean parallel = interOpThreads > 1;
    session.setExecutionMode(parallel ? ExecutionMode.PARALLEL : ExecutionMode.SEQUENTIAL);
    session.setIntraOpNumThreads(intraOpThreads);
    session.setInterOpNumThreads(interOpThreads);
    session.addConfigEntry("session.intra_op.allow_spinning", flag(spinning));
    session.addConfigEntry("session.inter_op.allow_spinning", flag(spinning));
  }

  static String flag(boolean on) {
    return on ? "1" : "0";
  }
}
