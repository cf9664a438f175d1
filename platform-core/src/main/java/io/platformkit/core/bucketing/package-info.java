/**
 * Sticky buckets: the same id is in the same bucket for ever, in every JVM and in every language.
 *
 * <p>{@link io.platformkit.core.bucketing.StickyHash} puts ids into buckets, {@link
 * io.platformkit.core.bucketing.Split} gives the buckets to variants. {@link
 * io.platformkit.core.bucketing.Murmur3} and {@link io.platformkit.core.bucketing.Md5Buckets} are
 * for buckets that other systems made. {@code docs/bucketing.md} has the algorithm and its test
 * vectors.
 */
@NullMarked
package io.platformkit.core.bucketing;

import org.jspecify.annotations.NullMarked;
