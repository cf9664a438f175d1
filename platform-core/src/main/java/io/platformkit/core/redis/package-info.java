/**
 * The ports on Redis 6.2 and later, standalone or with Sentinel: {@link
 * io.platformkit.core.redis.Redis} is the door. Needs {@code io.lettuce:lettuce-core}.
 */
@NullMarked
package io.platformkit.core.redis;

import org.jspecify.annotations.NullMarked;
