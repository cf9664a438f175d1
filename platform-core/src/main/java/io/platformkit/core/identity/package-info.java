/**
 * Who asks: {@link io.platformkit.core.identity.Credentials} go through an {@link
 * io.platformkit.core.identity.Authenticator} and become a {@link
 * io.platformkit.core.identity.Principal}, the same for HTTP and realtime sessions. {@link
 * io.platformkit.core.identity.ApiKeys} are the embedded one; bearer tokens are in {@code
 * core.jwt}, HTTP in {@code core.access}.
 *
 * <p>Not here: passwords, accounts, permissions finer than roles.
 */
@NullMarked
package io.platformkit.core.identity;

import org.jspecify.annotations.NullMarked;
