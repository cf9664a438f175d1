/**
 * How features that have names become rows of a model's inputs, and what its output means. A {@link
 * io.platformkit.ml.schema.ModelSchema} is data: it is stored with the version that it describes,
 * so that whoever serves the version reads features as its training did.
 */
@NullMarked
package io.platformkit.ml.schema;

import org.jspecify.annotations.NullMarked;
