/**
 * Bearer tokens: {@link io.platformkit.core.jwt.JwtAuthenticator} checks them against a {@link
 * io.platformkit.core.jwt.KeySet}, {@link io.platformkit.core.jwt.TokenIssuer} makes short-lived
 * ones. It needs {@code com.nimbusds:nimbus-jose-jwt} on the class path.
 *
 * <p>Not here: encrypted tokens, OpenID Connect, refresh tokens.
 */
@NullMarked
package io.platformkit.core.jwt;

import org.jspecify.annotations.NullMarked;
