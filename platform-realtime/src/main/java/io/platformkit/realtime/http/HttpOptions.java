package io.platformkit.realtime.http;

import io.platformkit.core.Given;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The bounds of {@link HttpConnections}. Immutable. */
public final class HttpOptions {
  private final int maxBodyBytes;
  private final int maxTargetLength;
  private final int maxHeaderBytes;
  private final int maxHeaders;
  private final int maxConcurrentRequests;
  private final Duration receiveTimeout;
  private final Duration sendTimeout;
  private final Duration idleTimeout;
  private final Predicate<InetAddress> trustedProxies;

  private HttpOptions(Builder options) {
    maxBodyBytes = options.maxBodyBytes;
    maxTargetLength = options.maxTargetLength;
    maxHeaderBytes = options.maxHeaderBytes;
    maxHeaders = options.maxHeaders;
    maxConcurrentRequests = options.maxConcurrentRequests;
    receiveTimeout = options.receiveTimeout;
    sendTimeout = options.sendTimeout;
    idleTimeout = options.idleTimeout;
    trustedProxies = options.trustedProxies;
  }

  /** Every default. */
  public static HttpOptions defaults() {
    return builder().build();
  }

  /** Starts with every default. */
  public static Builder builder() {
    return new Builder();
  }

  int maxBodyBytes() {
    return maxBodyBytes;
  }

  int maxTargetLength() {
    return maxTargetLength;
  }

  /** Most bytes of all header lines of a request together. */
  public int maxHeaderBytes() {
    return maxHeaderBytes;
  }

  int maxHeaders() {
    return maxHeaders;
  }

  int maxConcurrentRequests() {
    return maxConcurrentRequests;
  }

  Duration receiveTimeout() {
    return receiveTimeout;
  }

  Duration sendTimeout() {
    return sendTimeout;
  }

  Duration idleTimeout() {
    return idleTimeout;
  }

  Predicate<InetAddress> trustedProxies() {
    return trustedProxies;
  }

  /** Collects options; for one thread. */
  public static final class Builder {
    /** Default of {@link #maxBodyBytes}: 1 MiB. */
    public static final int DEFAULT_MAX_BODY_BYTES = 1 << 20;

    /** Default of {@link #maxTargetLength}. */
    public static final int DEFAULT_MAX_TARGET_LENGTH = 8192;

    /** Default of {@link #maxHeaderBytes}: 16 KiB. */
    public static final int DEFAULT_MAX_HEADER_BYTES = 16 << 10;

    /** Default of {@link #maxHeaders}. */
    public static final int DEFAULT_MAX_HEADERS = 100;

    /** Default of {@link #maxConcurrentRequests}. */
    public static final int DEFAULT_MAX_CONCURRENT_REQUESTS = 256;

    private static final int LARGEST_MAX_BODY_BYTES = 1 << 30;
    private static final int LARGEST_HEAD = 1 << 20;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Set<String> given = new HashSet<>();
    private int maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
    private int maxTargetLength = DEFAULT_MAX_TARGET_LENGTH;
    private int maxHeaderBytes = DEFAULT_MAX_HEADER_BYTES;
    private int maxHeaders = DEFAULT_MAX_HEADERS;
    private int maxConcurrentRequests = DEFAULT_MAX_CONCURRENT_REQUESTS;
    private Duration receiveTimeout = Duration.ofSeconds(30);
    private Duration sendTimeout = Duration.ofSeconds(30);
    private Duration idleTimeout = Duration.ofSeconds(75);
    private Predicate<InetAddress> trustedProxies = address -> false;

    private Builder() {}

    /**
     * Longest body of a request, in bytes, from 0 to 1 GiB; a body is in memory while its request
     * runs. Default: {@value #DEFAULT_MAX_BODY_BYTES}.
     */
    public Builder maxBodyBytes(int maxBodyBytes) {
      Given.once(given, "maxBodyBytes");
      this.maxBodyBytes = maxBodyBytes;
      return this;
    }

    /**
     * Longest request target, path and query as they are sent, in characters, from 1 to 1 Mi.
     * Default: {@value #DEFAULT_MAX_TARGET_LENGTH}.
     */
    public Builder maxTargetLength(int maxTargetLength) {
      Given.once(given, "maxTargetLength");
      this.maxTargetLength = maxTargetLength;
      return this;
    }

    /**
     * Most bytes of all header lines of a request together, trailers of a chunked body included,
     * from 1 to 1 Mi. Default: {@value #DEFAULT_MAX_HEADER_BYTES}.
     */
    public Builder maxHeaderBytes(int maxHeaderBytes) {
      Given.once(given, "maxHeaderBytes");
      this.maxHeaderBytes = maxHeaderBytes;
      return this;
    }

    /** Most header lines of a request, from 1 to 1 Mi. Default: {@value #DEFAULT_MAX_HEADERS}. */
    public Builder maxHeaders(int maxHeaders) {
      Given.once(given, "maxHeaders");
      this.maxHeaders = maxHeaders;
      return this;
    }

    /**
     * Most requests whose bodies are read and whose answers are made and sent at once, at least 1;
     * one more waits a moment, then gets 503. Connections that were taken over do not count.
     * Default: {@value #DEFAULT_MAX_CONCURRENT_REQUESTS}.
     */
    public Builder maxConcurrentRequests(int maxConcurrentRequests) {
      Given.once(given, "maxConcurrentRequests");
      this.maxConcurrentRequests = maxConcurrentRequests;
      return this;
    }

    /**
     * Longest time from the first byte of a request to the last of its body, and from the opening
     * of a connection to its first byte, from 1 ms to 1 day; whoever takes longer is cut off,
     * within a second or a quarter of the timeout. Default: 30 seconds.
     */
    public Builder receiveTimeout(Duration receiveTimeout) {
      this.receiveTimeout = Given.once(given, "receiveTimeout", receiveTimeout);
      return this;
    }

    /**
     * Longest time that a client may keep an answer waiting before it takes more of it, from 1 ms
     * to 1 day; whoever takes longer is cut off. Default: 30 seconds.
     */
    public Builder sendTimeout(Duration sendTimeout) {
      this.sendTimeout = Given.once(given, "sendTimeout", sendTimeout);
      return this;
    }

    /**
     * How long a connection is kept open for its next request, from 1 ms to 1 day. Make it longer
     * than that of the proxy in front. Default: 75 seconds.
     */
    public Builder idleTimeout(Duration idleTimeout) {
      this.idleTimeout = Given.once(given, "idleTimeout", idleTimeout);
      return this;
    }

    /**
     * The proxies in front, by their addresses: theirs alone are {@code X-Forwarded-For}, {@code
     * X-Forwarded-Proto} and {@code X-Forwarded-Host} believed, for the peer and the URL of a
     * request. They must set all three or drop what the client sent. Default: none.
     */
    public Builder trustedProxies(Predicate<InetAddress> trustedProxies) {
      this.trustedProxies = Given.once(given, "trustedProxies", trustedProxies);
      return this;
    }

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException names every bad option
     */
    public HttpOptions build() {
      List<String> faults = new ArrayList<>();
      Given.requireCount(faults, "maxBodyBytes", maxBodyBytes, 0, LARGEST_MAX_BODY_BYTES);
      Given.requireCount(faults, "maxTargetLength", maxTargetLength, 1, LARGEST_HEAD);
      Given.requireCount(faults, "maxHeaderBytes", maxHeaderBytes, 1, LARGEST_HEAD);
      Given.requireCount(faults, "maxHeaders", maxHeaders, 1, LARGEST_HEAD);
      Given.requireCount(
          faults, "maxConcurrentRequests", maxConcurrentRequests, 1, Integer.MAX_VALUE);
      Given.requireSpan(faults, "receiveTimeout", receiveTimeout, SHORTEST, LONGEST);
      Given.requireSpan(faults, "sendTimeout", sendTimeout, SHORTEST, LONGEST);
      Given.requireSpan(faults, "idleTimeout", idleTimeout, SHORTEST, LONGEST);
      Given.refuse(faults);
      return new HttpOptions(this);
    }
  }
}
