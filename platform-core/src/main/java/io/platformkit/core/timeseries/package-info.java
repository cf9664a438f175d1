/**
 * Time series: downsampling for charts ({@link io.platformkit.core.timeseries.Lttb}, {@link
 * io.platformkit.core.timeseries.MinMaxLttb}, {@link io.platformkit.core.timeseries.M4}, {@link
 * io.platformkit.core.timeseries.StreamingLttb}), a bounded series in memory ({@link
 * io.platformkit.core.timeseries.TimeSeries}), and the {@link
 * io.platformkit.core.timeseries.MetricStore} port with its embedded default.
 */
@NullMarked
package io.platformkit.core.timeseries;

import org.jspecify.annotations.NullMarked;
