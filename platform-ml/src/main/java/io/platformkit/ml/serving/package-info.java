/**
 * Serves the models of a registry: loads what is in production, swaps versions under load, keeps
 * within a memory budget, and answers from tensors or from named features. {@link
 * io.platformkit.ml.serving.ModelServer} is the door.
 */
@NullMarked
package io.platformkit.ml.serving;

import org.jspecify.annotations.NullMarked;
