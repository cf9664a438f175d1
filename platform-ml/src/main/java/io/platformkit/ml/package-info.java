/**
 * Model serving: registry, runners, dynamic batching, gateway, features, recommendation, drift and
 * governance.
 *
 * <p>Reserved: this module has no code yet.
 */
@NullMarked
package io.platformkit.ml;

import org.jspecify.annotations.NullMarked;
