package io.platformkit.examples.opsconsole;

import java.time.Duration;

/**
 * One part of the machine that can be measured. Used by one thread at a time; may block, and then
 * holds up nobody but itself.
 */
interface Probe {
  /** Stable, used in thread names, logs and the health answer: {@code "cpu"}. */
  String name();

  /** From one turn to the next. */
  default Duration period() {
    return MachineSampler.PERIOD;
  }

  /** Measures and adds what it found. A throw means that this turn has no reading. */
  void read(Readings readings);
}
