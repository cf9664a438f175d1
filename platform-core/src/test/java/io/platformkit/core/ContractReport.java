package io.platformkit.core;

import io.platformkit.core.ContractServer.Feature;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/**
 * Says on stdout how many tests of a contract ran on which server: {@code contract KeyValueStore on
 * memory: 41 tests, none that needs NETWORK, RESTART, SNAPSHOT}. Leaves out each {@link Needs} test
 * that needs what the server doesn't have.
 */
public final class ContractReport
    implements BeforeTestExecutionCallback,
        AfterAllCallback,
        TestTemplateInvocationContextProvider {
  private final AtomicInteger tests = new AtomicInteger();

  /** For JUnit. */
  public ContractReport() {}

  @Override
  public void beforeTestExecution(ExtensionContext context) {
    tests.incrementAndGet();
  }

  @Override
  @SuppressWarnings("SystemOut") // what it is for
  public void afterAll(ExtensionContext context) {
    if (context.getRequiredTestInstance() instanceof PortContract contract) {
      Set<Feature> missing = EnumSet.allOf(Feature.class);
      missing.removeAll(contract.server().features());
      String without = missing.toString().replaceAll("[\\[\\]]", "");
      System.out.printf(
          "contract %s on %s: %d tests%s%n",
          contract.port(),
          contract.server().version(),
          tests.get(),
          missing.isEmpty() ? "" : ", none that needs " + without);
    }
  }

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return context.getRequiredTestMethod().isAnnotationPresent(Needs.class);
  }

  @Override
  public boolean mayReturnZeroTestTemplateInvocationContexts(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    Feature needed = context.getRequiredTestMethod().getAnnotation(Needs.class).value();
    PortContract contract = (PortContract) context.getRequiredTestInstance();
    return Stream.of(new Once(context.getDisplayName()))
        .filter(once -> contract.server().features().contains(needed))
        .map(once -> once);
  }

  private record Once(String name) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocation) {
      return name;
    }
  }
}
