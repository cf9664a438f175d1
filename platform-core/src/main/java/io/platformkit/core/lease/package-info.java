/**
 * One holder a name: the {@link io.platformkit.core.lease.Leases} port, its embedded default, and
 * what adapters share ({@link io.platformkit.core.lease.HeldLease}).
 */
@NullMarked
package io.platformkit.core.lease;

import org.jspecify.annotations.NullMarked;
