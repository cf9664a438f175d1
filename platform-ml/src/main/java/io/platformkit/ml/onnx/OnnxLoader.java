package io.platformkit.ml.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.platformkit.core.Bounds;
import io.platformkit.core.Given;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelLoader;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.VersionId;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** Loads ONNX files, up to 2 GiB, with all weights in the file. Safe for concurrent use. */
public final class OnnxLoader implements ModelLoader {
  private final Builder options;

  private OnnxLoader(Builder options) {
    this.options = options;
  }

  /** Options, each with a default. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public ModelRunner load(VersionId id, byte[] artifact) {
    Objects.requireNonNull(id, "id");
    try (SessionOptions session = options.session()) {
      OrtSession made = OrtEnvironment.getEnvironment().createSession(artifact, session);
      return OnnxRunner.of(id, made);
    } catch (OrtException failure) {
      throw new ModelException(id, "ONNX Runtime can't load it: " + failure.getMessage(), failure);
    }
  }

  /** Options of a loader. For one thread; each option at most once. */
  public static final class Builder {
    private static final int MOST_THREADS = 1024;

    private final Set<String> given = new HashSet<>();
    private int intraOpThreads = 1;
    private boolean spinning;

    private Builder() {}

    /** Threads that share one operator of one run, 1 to 1024. Default: 1, the calling one. */
    public Builder intraOpThreads(int intraOpThreads) {
      Given.once(given, "intraOpThreads");
      this.intraOpThreads = Bounds.requireCount("intraOpThreads", intraOpThreads, 1, MOST_THREADS);
      return this;
    }

    /** Whether idle threads of a run burn the processor while they wait. Default: no. */
    public Builder spinning(boolean spinning) {
      Given.once(given, "spinning");
      this.spinning = spinning;
      return this;
    }

    /** A loader with these options. */
    public OnnxLoader build() {
      return new OnnxLoader(this);
    }

    private SessionOptions session() throws OrtException {
      SessionOptions session = new SessionOptions();
      session.setIntraOpNumThreads(intraOpThreads);
      session.setInterOpNumThreads(1);
      session.addConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
      return session;
    }
  }
}
