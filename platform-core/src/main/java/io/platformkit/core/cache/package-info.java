/**
 * A cache in tiers: {@link io.platformkit.core.cache.TieredCache} looks into this process' memory,
 * then into any number of stores, and then asks a loader, once for each key however many ask.
 *
 * <pre>{@code
 * var prices = TieredCache.builder("prices", Codec.json(json, Price.class))
 *     .tier(redis.keyValues("cache")).bus(redis.messageBus()).leases(redis.leases())
 *     .loader(id -> shop.price(id)).ttl(Duration.ofMinutes(10)).build();
 * prices.start();
 * Optional<Price> price = prices.get("lamp");
 * prices.invalidate("lamp"); // after the shop has changed it
 * }</pre>
 *
 * <p>It is no store: what it holds may be gone at any time, and comes back from the loader.
 */
@NullMarked
package io.platformkit.core.cache;

import org.jspecify.annotations.NullMarked;
