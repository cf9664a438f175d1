/**
 * The ports on a database of the host, through its {@link javax.sql.DataSource}: PostgreSQL, or a
 * file of SQLite. {@link io.platformkit.core.jdbc.Jdbc} is the door.
 */
@NullMarked
package io.platformkit.core.jdbc;

import org.jspecify.annotations.NullMarked;
