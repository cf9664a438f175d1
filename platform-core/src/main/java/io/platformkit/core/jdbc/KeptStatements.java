package io.platformkit.core.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a connection has prepared, for a driver that does not: closing a statement lays it
 * aside for the next who prepares the same text. For one thread at a time.
 */
final class KeptStatements implements InvocationHandler {
  private static final int MOST = 64;

  private final Connection connection;
  private final SequencedMap<String, PreparedStatement> unused = new LinkedHashMap<>();

  private KeptStatements(Connection connection) {
    this.connection = connection;
  }

  /** The connection, with statements that are kept until it is closed, which closes them too. */
  static Connection of(Connection connection) {
    return proxy(Connection.class, new KeptStatements(connection));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            KeptStatements.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("prepareStatement") && arguments != null && arguments.length == 1) {
      return prepare((String) arguments[0]);
    }
    return call(connection, method, arguments);
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement kept = unused.remove(sql);
    PreparedStatement statement = kept != null ? kept : connection.prepareStatement(sql);
    return proxy(
        PreparedStatement.class,
        (proxy, method, arguments) -> {
          if (method.getName().equals("close")) {
            layAside(sql, statement);
            return null;
          }
          return call(statement, method, arguments);
        });
  }

  private void layAside(String sql, PreparedStatement statement) throws SQLException {
    PreparedStatement other = unused.put(sql, statement);
    if (other != null) {
      other.close();
    }
    if (unused.size() > MOST) {
      unused.pollFirstEntry().getValue().close();
    }
  }

  private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
