package io.platformkit.core.timeseries;

import java.lang.invoke.MethodHandles;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out once whether the JVM was started with the Vector API and has lanes wide enough. */
final class KernelChoice {
  private static final Logger log = LoggerFactory.getLogger(Lttb.class);
  private static final Supplier<Kernel> FASTEST = choose();

  private KernelChoice() {}

  static Kernel fastest() {
    return FASTEST.get();
  }

  private static Supplier<Kernel> choose() {
    Supplier<Kernel> vector = vector();
    return vector == null ? ScalarKernel::new : vector;
  }

  /** Vector types are named in {@code VectorKernel} alone, so that only its loading can fail. */
  @SuppressWarnings("unchecked")
  private static @Nullable Supplier<Kernel> vector() {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Class<?> kernel = lookup.findClass("io.platformkit.core.timeseries.VectorKernel");
      return (Supplier<Kernel>) lookup.findStaticVarHandle(kernel, "FACTORY", Supplier.class).get();
    } catch (ReflectiveOperationException | LinkageError e) {
      log.debug("downsampling runs without the Vector API: {}", e.toString());
      return null;
    }
  }
}
