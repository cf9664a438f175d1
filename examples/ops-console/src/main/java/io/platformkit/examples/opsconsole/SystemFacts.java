package io.platformkit.examples.opsconsole;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code GET}: what this JVM and its machine are, and how much of them is used. */
final class SystemFacts implements HttpEndpoint {
  @Override
  public Response handle(Request request) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("jvm", jvm());
    answer.put("machine", machine());
    return Response.json(answer).withHeader("Cache-Control", "no-store");
  }

  private static Map<String, Object> jvm() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("version", Runtime.version().toString());
    facts.put("vm", ManagementFactory.getRuntimeMXBean().getVmName());
    facts.put("pid", ProcessHandle.current().pid());
    facts.put("uptime_seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1_000);
    facts.put("heap_used_bytes", heap.getUsed());
    facts.put("heap_max_bytes", heap.getMax());
    facts.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
    facts.put("classes", ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    return facts;
  }

  private static Map<String, Object> machine() {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("os", system.getName() + " " + system.getVersion());
    facts.put("architecture", system.getArch());
    facts.put("processors", system.getAvailableProcessors());
    facts.put("load_average", system.getSystemLoadAverage());
    facts.put("memory_bytes", system.getTotalMemorySize());
    facts.put("memory_free_bytes", system.getFreeMemorySize());
    return facts;
  }
}
