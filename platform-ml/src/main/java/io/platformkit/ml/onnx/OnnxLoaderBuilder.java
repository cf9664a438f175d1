package io.platformkit.ml.onnx;

import io.platformkit.core.Given;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Options of an {@link OnnxLoader}. For one thread; each option at most once. */
public final class OnnxLoaderBuilder {
  private static final int MOST_THREADS = 1024;
  private static final int MOST_DEVICES = 64;
  private static final int MOST_SIZES = 16;
  private static final int LARGEST_SIZE = 1 << 24;
  private static final List<String> FOR_GPUS =
      List.of("device", "fallbackToCpu", "everyOperatorOnGpu", "gpuMemoryLimit", "tf32");

  private final Set<String> given = new HashSet<>();
  private ExecutionProvider provider = ExecutionProvider.CPU;
  private int device;
  private boolean fallbackToCpu;
  private boolean everyOperatorOnGpu;
  private long gpuMemoryLimit;
  private boolean tf32;
  private int intraOpThreads = 1;
  private int interOpThreads = 1;
  private boolean spinning;
  private GraphOptimization graphOptimization = GraphOptimization.ALL;
  private boolean cpuArena = true;
  private boolean memoryPattern;
  private boolean deterministic;
  private List<Integer> frozenBatchSizes = List.of();

  OnnxLoaderBuilder() {}

  /** What computes. Default: the processor. */
  public OnnxLoaderBuilder provider(ExecutionProvider provider) {
    Given.once(given, "provider");
    this.provider = Objects.requireNonNull(provider, "provider");
    return this;
  }

  /** Which GPU, from 0 to 63 as CUDA counts them. Default: 0. */
  public OnnxLoaderBuilder device(int device) {
    Given.once(given, "device");
    this.device = device;
    return this;
  }

  /**
   * Where the GPU can't be used, models run on the processor; it is logged at each load, and {@link
   * io.platformkit.ml.ModelRunner#degradation} says why. Default: a load fails, and says which CUDA
   * it wants and what was found.
   */
  public OnnxLoaderBuilder fallbackToCpu() {
    Given.once(given, "fallbackToCpu");
    this.fallbackToCpu = true;
    return this;
  }

  /**
   * A model with an operator that the GPU does not have is refused. Default: such operators run on
   * the processor, and tensors travel between the two.
   */
  public OnnxLoaderBuilder everyOperatorOnGpu() {
    Given.once(given, "everyOperatorOnGpu");
    this.everyOperatorOnGpu = true;
    return this;
  }

  /**
   * The most bytes of the GPU's memory that a session takes for its tensors, from 1 MiB on; what
   * CUDA itself takes comes on top. Default: no limit.
   */
  public OnnxLoaderBuilder gpuMemoryLimit(long bytes) {
    Given.once(given, "gpuMemoryLimit");
    this.gpuMemoryLimit = bytes;
    return this;
  }

  /**
   * Whether a GPU may multiply FLOAT32 with a mantissa of 10 bits, which is faster and moves
   * results by about a thousandth. Default: no.
   */
  public OnnxLoaderBuilder tf32(boolean tf32) {
    Given.once(given, "tf32");
    this.tf32 = tf32;
    return this;
  }

  /** Threads that share one operator of one run, 1 to 1024. Default: 1, the calling one. */
  public OnnxLoaderBuilder intraOpThreads(int intraOpThreads) {
    Given.once(given, "intraOpThreads");
    this.intraOpThreads = intraOpThreads;
    return this;
  }

  /**
   * Threads that run several operators of one run at once, 1 to 1024; for models with branches.
   * Default: 1, one operator after another.
   */
  public OnnxLoaderBuilder interOpThreads(int interOpThreads) {
    Given.once(given, "interOpThreads");
    this.interOpThreads = interOpThreads;
    return this;
  }

  /** Whether idle threads of a session burn the processor while they wait. Default: no. */
  public OnnxLoaderBuilder spinning(boolean spinning) {
    Given.once(given, "spinning");
    this.spinning = spinning;
    return this;
  }

  /** How far the model is rewritten. Default: {@link GraphOptimization#ALL}. */
  public OnnxLoaderBuilder graphOptimization(GraphOptimization graphOptimization) {
    Given.once(given, "graphOptimization");
    this.graphOptimization = Objects.requireNonNull(graphOptimization, "graphOptimization");
    return this;
  }

  /**
   * Whether memory that a run has used is kept for the next one; it is never less than the largest
   * run has needed. Default: yes.
   */
  public OnnxLoaderBuilder cpuArena(boolean cpuArena) {
    Given.once(given, "cpuArena");
    this.cpuArena = cpuArena;
    return this;
  }

  /**
   * Whether a session remembers, for each shape of inputs it has met, where its tensors were, and
   * takes their memory in one piece. Default: yes on the processor with one operator after another;
   * no on a GPU, where ONNX Runtime's memory has grown with it.
   */
  public OnnxLoaderBuilder memoryPattern(boolean memoryPattern) {
    Given.once(given, "memoryPattern");
    this.memoryPattern = memoryPattern;
    return this;
  }

  /**
   * Whether operators that have a slower way with the same result each time take it. Default: no.
   */
  public OnnxLoaderBuilder deterministic(boolean deterministic) {
    Given.once(given, "deterministic");
    this.deterministic = deterministic;
    return this;
  }

  /**
   * Numbers of rows that get a session of their own, planned for that number alone; up to 16, each
   * from 1 to 16,777,216. Other numbers run on a session for all. Each holds the weights once more.
   * Only for models whose inputs all have a first dimension that is free and has a name. Default:
   * none.
   */
  public OnnxLoaderBuilder frozenBatchSizes(int... sizes) {
    Given.once(given, "frozenBatchSizes");
    this.frozenBatchSizes = Arrays.stream(sizes).boxed().toList();
    return this;
  }

  /**
   * Checks all options; loads nothing.
   *
   * @throws IllegalArgumentException naming every option that is wrong
   * @throws IllegalStateException if ONNX Runtime is not on the class path; names the artifact
   */
  public OnnxLoader build() {
    List<String> faults = new ArrayList<>();
    checkThreads(faults);
    checkGpu(faults);
    checkSizes(faults);
    Given.refuse(faults);
    OnnxEnvironment.require();
    boolean pattern = given.contains("memoryPattern") ? memoryPattern : !onGpu() && !isParallel();
    return new OnnxLoader(
        new OnnxOptions(
            onGpu()
                ? new ProviderOptions(
                    provider, device, fallbackToCpu, everyOperatorOnGpu, gpuMemoryLimit, tf32)
                : ProviderOptions.CPU,
            intraOpThreads,
            interOpThreads,
            spinning,
            graphOptimization,
            cpuArena,
            pattern,
            deterministic,
            frozenBatchSizes));
  }

  private void checkThreads(List<String> faults) {
    requireThreads(faults, "intraOpThreads", intraOpThreads);
    requireThreads(faults, "interOpThreads", interOpThreads);
    Given.require(
        faults,
        "spinning",
        spinning,
        !spinning || intraOpThreads > 1 || isParallel(),
        "false unless there are several threads");
    Given.require(
        faults,
        "memoryPattern",
        memoryPattern,
        !memoryPattern || !isParallel(),
        "false where interOpThreads is above 1");
  }

  private static void requireThreads(List<String> faults, String property, int threads) {
    Given.require(
        faults,
        property,
        threads,
        threads >= 1 && threads <= MOST_THREADS,
        "from 1 to " + MOST_THREADS);
  }

  private void checkGpu(List<String> faults) {
    for (String property : FOR_GPUS) {
      Given.require(
          faults,
          property,
          "given",
          onGpu() || !given.contains(property),
          "left out where provider is CPU");
    }
    Given.require(
        faults,
        "device",
        device,
        device >= 0 && device < MOST_DEVICES,
        "from 0 to " + (MOST_DEVICES - 1));
    Given.require(
        faults,
        "gpuMemoryLimit",
        gpuMemoryLimit,
        !given.contains("gpuMemoryLimit") || gpuMemoryLimit >= 1 << 20,
        "at least 1048576");
    Given.require(
        faults,
        "interOpThreads",
        interOpThreads,
        !onGpu() || !isParallel(),
        "1 where provider is " + provider);
  }

  private void checkSizes(List<String> faults) {
    SortedSet<Integer> sizes = new TreeSet<>(frozenBatchSizes);
    Given.require(
        faults,
        "frozenBatchSizes",
        frozenBatchSizes,
        sizes.size() == frozenBatchSizes.size(),
        "without repetition");
    Given.require(
        faults,
        "frozenBatchSizes",
        frozenBatchSizes,
        sizes.size() <= MOST_SIZES
            && sizes.stream().allMatch(size -> size >= 1 && size <= LARGEST_SIZE),
        "at most %d sizes from 1 to %d".formatted(MOST_SIZES, LARGEST_SIZE));
  }

  private boolean onGpu() {
    return provider != ExecutionProvider.CPU;
  }

  private boolean isParallel() {
    return interOpThreads > 1;
  }
}
