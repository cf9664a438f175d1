package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Work on a connection that wants to know whether it was, perhaps, done before. */
@FunctionalInterface
interface ResentSql<T> {
  /**
   * Does it.
   *
   * @param again whether an earlier try of this call may have been done
   */
  T run(Connection connection, boolean again) throws SQLException;
}
