package io.platformkit.ml.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process that ends while its threads load and run models; a shutdown hook of its own waits for
 * some more rounds of each, as a host does that finishes what it has accepted.
 */
final class EndingHost {
  private static final int THREADS = 2;
  private static final MlpModel MODEL = MlpModel.of(8, 16, 1);
  private static final VersionId ID = new VersionId("mlp", "1");

  private EndingHost() {}

  /**
   * Runs until it has ended.
   *
   * @param arguments {@code ours} or {@code raw} calls; how many rounds before the end, and how
   *     many in the hook
   */
  public static void main(String[] arguments) throws InterruptedException {
    boolean ours = arguments[0].equals("ours");
    CountDownLatch before = new CountDownLatch(Integer.parseInt(arguments[1]));
    CountDownLatch after = new CountDownLatch(Integer.parseInt(arguments[2]));
    AtomicInteger ending = new AtomicInteger();
    for (int i = 0; i < THREADS; i++) {
      repeat(ours ? EndingHost::load : EndingHost::loadRaw, before, after, ending);
      repeat(ours ? EndingHost::run : EndingHost::runRaw, before, after, ending);
    }
    before.await();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              ending.set(1);
              try {
                after.await();
                System.out.println("finished");
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }));
    System.exit(0);
  }

  private static void repeat(
      Callable<Void> work, CountDownLatch before, CountDownLatch after, AtomicInteger ending) {
    Thread worker =
        new Thread(() -> {
          try {
            while (true) {
              work.call();
              before.countDown();
              if (ending.get() == 1) {
                after.countDown();
              }
            }
          } catch (Exception failure) {
            System.out.println("failed: " + failure);
            Runtime.getRuntime().halt(3);
          }
        });
    worker.setDaemon(true);
    worker.start();
  }

  private static Void load() {
    OnnxLoader.builder().intraOpThreads(2).build().load(ID, MODEL.fp32()).close();
    return null;
  }

  private static Void run() {
    try (ModelRunner runner = OnnxLoader.builder().build().load(ID, MODEL.fp32())) {
      Tensors inputs = runner.signature().allocateInputs(64);
      for (int i = 0; i < 20; i++) {
        runner.run(inputs);
      }
    }
    return null;
  }

  private static Void loadRaw() throws Exception {
    OrtEnvironment.getEnvironment().createSession(MODEL.fp32()).close();
    return null;
  }

  private static Void runRaw() throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Tensor features = Tensor.of(new float[64 * 8], 64, 8);
    try (OrtSession session = environment.createSession(MODEL.fp32());
        OnnxTensor input =
            OnnxTensor.createTensor(environment, features.floats(), features.shape())) {
      for (int i = 0; i < 20; i++) {
        session.run(Map.of(MlpModel.INPUT, input)).close();
      }
    }
    return null;
  }
}
