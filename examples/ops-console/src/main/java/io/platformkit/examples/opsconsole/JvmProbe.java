package io.platformkit.examples.opsconsole;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;

/**
 * The JVM of the console itself: heap in bytes, threads, and milliseconds of collection a second.
 */
final class JvmProbe implements Probe {
  private final Rates rates = new Rates(System::nanoTime);

  @Override
  public String name() {
    return "jvm";
  }

  @Override
  public void read(Readings readings) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    long collecting =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .sum();
    readings
        .add("jvm.heap.used", heap.getUsed())
        .add("jvm.heap.max", heap.getMax())
        .add("jvm.gc.time", rates.perSecond("gc", collecting))
        .add("jvm.threads", ManagementFactory.getThreadMXBean().getThreadCount());
  }
}
