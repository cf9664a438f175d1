/**
 * Cron schedules, a durable task queue, workflows, exports and reports.
 *
 * <p>Reserved: this module has no code yet.
 */
@NullMarked
package io.platformkit.scheduling;

import org.jspecify.annotations.NullMarked;
