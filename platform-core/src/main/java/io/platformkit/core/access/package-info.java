/**
 * Who may call what over HTTP: {@link io.platformkit.core.access.Access} finds out who asks and
 * puts a {@link io.platformkit.core.access.Guard} in front of endpoints.
 *
 * <pre>{@code
 * var access = Access.builder(keys).build();
 * var guarded = access.guard(routes).reads("/api", Need.role("viewer")).build();
 * var server = JdkHttpServer.builder(guarded).build();
 * }</pre>
 *
 * <p>Beside it: {@link io.platformkit.core.access.KeyAdministration}, trading a key for a token, a
 * {@link io.platformkit.core.access.SessionCookie} for browsers, and {@link
 * io.platformkit.core.access.Cors}.
 *
 * <p>Not here: passwords, login at another site, permissions finer than roles.
 */
@NullMarked
package io.platformkit.core.access;

import org.jspecify.annotations.NullMarked;
