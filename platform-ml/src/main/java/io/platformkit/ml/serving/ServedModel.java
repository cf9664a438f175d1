package io.platformkit.ml.serving;

import java.util.Optional;

/**
 * A model that a server answers for.
 *
 * @param model its name
 * @param version the one that answers; empty if none is in production, or it can't be loaded
 * @param trouble why the one in production does not answer; empty if it does, or there is none
 */
public record ServedModel(String model, Optional<String> version, Optional<String> trouble) {}
