/**
 * Experimentation: flags, experiments, statistics and bandits.
 *
 * <p>Reserved: this module has no code yet.
 */
@NullMarked
package io.platformkit.experiments;

import org.jspecify.annotations.NullMarked;
