package io.platformkit.realtime.http;

import io.platformkit.core.Given;
import io.platformkit.core.http.RequestBounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The bounds of {@link HttpConnections}. Immutable. */
public final class HttpOptions {
  private final RequestBounds requests;
  private final int maxHeaderBytes;
  private final int maxHeaders;
  private final Duration idleTimeout;

  private HttpOptions(Builder options, RequestBounds requests) {
    this.requests = requests;
    maxHeaderBytes = options.maxHeaderBytes;
    maxHeaders = options.maxHeaders;
    idleTimeout = options.idleTimeout;
  }

  /** Every default. */
  public static HttpOptions defaults() {
    return builder().build();
  }

  /** Starts with every default. */
  public static Builder builder() {
    return new Builder();
  }

  RequestBounds requests() {
    return requests;
  }

  /** Most bytes of all header lines of a request together. */
  public int maxHeaderBytes() {
    return maxHeaderBytes;
  }

  int maxHeaders() {
    return maxHeaders;
  }

  Duration idleTimeout() {
    return idleTimeout;
  }

  /**
   * Collects options; for one thread. The receive timeout is also the longest time from the opening
   * of a connection to its first byte; connections that were taken over are no requests.
   */
  public static final class Builder extends RequestBounds.Builder<Builder> {
    /** Default of {@link #maxHeaderBytes}: 16 KiB. */
    public static final int DEFAULT_MAX_HEADER_BYTES = 16 << 10;

    /** Default of {@link #maxHeaders}. */
    public static final int DEFAULT_MAX_HEADERS = 100;

    private int maxHeaderBytes = DEFAULT_MAX_HEADER_BYTES;
    private int maxHeaders = DEFAULT_MAX_HEADERS;
    private Duration idleTimeout = Duration.ofSeconds(75);

    private Builder() {}

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
     * How long a connection is kept open for its next request, from 1 ms to 1 day. Make it longer
     * than that of the proxy in front. Default: 75 seconds.
     */
    public Builder idleTimeout(Duration idleTimeout) {
      this.idleTimeout = Given.once(given, "idleTimeout", idleTimeout);
      return this;
    }

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException names every bad option
     */
    public HttpOptions build() {
      List<String> faults = new ArrayList<>();
      RequestBounds requests = bounds(faults);
      Given.requireCount(faults, "maxHeaderBytes", maxHeaderBytes, 1, LARGEST_HEAD);
      Given.requireCount(faults, "maxHeaders", maxHeaders, 1, LARGEST_HEAD);
      Given.requireSpan(faults, "idleTimeout", idleTimeout, SHORTEST, LONGEST);
      Given.refuse(faults);
      return new HttpOptions(this, requests);
    }
  }
}
