package io.platformkit.core.log;

/**
 * What became of an append with a key.
 *
 * @param at the entry, be it new or from before
 * @param duplicate whether the key was known, and nothing was appended
 */
public record Appended(Position at, boolean duplicate) {}
