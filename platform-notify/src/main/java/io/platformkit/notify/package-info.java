/**
 * Notifications: channels, preferences, delivery, digests and escalation; and the alert engine.
 *
 * <p>Reserved: this module has no code yet.
 */
@NullMarked
package io.platformkit.notify;

import org.jspecify.annotations.NullMarked;
