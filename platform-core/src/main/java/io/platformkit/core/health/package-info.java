/**
 * How the host is doing, over HTTP: {@link io.platformkit.core.health.Health} for probes and
 * people, {@link io.platformkit.core.health.PrometheusEndpoint} and {@link
 * io.platformkit.core.health.Performance} for figures.
 *
 * <p>{@link io.platformkit.core.health.Checks} has a check for each port. Which meters there are is
 * the host's choice, JVM and machine included.
 */
@NullMarked
package io.platformkit.core.health;

import org.jspecify.annotations.NullMarked;
