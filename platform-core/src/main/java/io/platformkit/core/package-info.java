/**
 * What every module shares: {@link io.platformkit.core.Json}, {@link io.platformkit.core.Ids}, time
 * and {@link io.platformkit.core.Timers}, {@link io.platformkit.core.CloseOrder ordered closing}
 * and {@link io.platformkit.core.PlatformException}.
 *
 * <p>Each port is a sub-package with its embedded default beside it; this package imports none of
 * them. The time is a {@link java.time.InstantSource}, always a parameter; waiting is {@link
 * io.platformkit.core.Timers}.
 */
@NullMarked
package io.platformkit.core;

import org.jspecify.annotations.NullMarked;
