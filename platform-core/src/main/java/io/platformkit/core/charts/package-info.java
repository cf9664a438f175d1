/**
 * Charts over HTTP: {@link io.platformkit.core.charts.Charts} turns a {@link
 * io.platformkit.core.timeseries.MetricStore} into endpoints that answer with as many points as a
 * screen can show.
 *
 * <pre>{@code
 * Routes.builder().mount("/api/v1/charts", Charts.on(store, InstantSource.system())).build();
 * }</pre>
 *
 * <p>It reads only. Who may read which metric is for the host to decide, in front of the mount.
 */
@NullMarked
package io.platformkit.core.charts;

import org.jspecify.annotations.NullMarked;
