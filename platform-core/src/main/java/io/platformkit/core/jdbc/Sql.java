package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Work on a connection; it may run more than once. */
@FunctionalInterface
interface Sql<T> {
  T run(Connection connection) throws SQLException;
}
