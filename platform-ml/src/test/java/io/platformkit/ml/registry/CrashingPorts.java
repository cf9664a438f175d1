package io.platformkit.ml.registry;

import io.platformkit.core.log.EventLog;
import io.platformkit.core.store.KeyValueStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * A store and a log whose process dies at one of its calls to them, before or after the call has
 * its effect; from then on nothing gets through.
 */
final class CrashingPorts {
  private static final Set<String> NO_CALLS = Set.of("capabilities", "close");

  private final int deadly;
  private final boolean afterEffect;
  private int calls;
  private boolean dead;

  /** The process is gone; nothing goes on after it. */
  static final class Died extends Error {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Dies at a call.
   *
   * @param deadly the number of the call, from 1
   */
  CrashingPorts(int deadly, boolean afterEffect) {
    this.deadly = deadly;
    this.afterEffect = afterEffect;
  }

  boolean isDead() {
    return dead;
  }

  KeyValueStore before(KeyValueStore store) {
    return proxy(KeyValueStore.class, store);
  }

  EventLog before(EventLog log) {
    return proxy(EventLog.class, log);
  }

  private <P> P proxy(Class<P> port, P real) {
    Object proxy =
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (self, method, arguments) -> {
              try {
                return NO_CALLS.contains(method.getName())
                    ? method.invoke(real, arguments)
                    : call(() -> method.invoke(real, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return port.cast(proxy);
  }

  private interface Call {
    Object make() throws ReflectiveOperationException;
  }

  private Object call(Call call) throws ReflectiveOperationException {
    boolean deadlyNow = ++calls == deadly;
    if (dead || (deadlyNow && !afterEffect)) {
      dead = true;
      throw new Died();
    }
    Object answer = call.make();
    if (deadlyNow) {
      dead = true;
      throw new Died();
    }
    return answer;
  }
}
