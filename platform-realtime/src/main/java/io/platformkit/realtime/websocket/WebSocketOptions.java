package io.platformkit.realtime.websocket;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a server speaks WebSocket. One object for all connections, which share its deflaters and
 * inflaters. Safe for concurrent use.
 */
public final class WebSocketOptions {
  /** The shortest close timeout. */
  public static final Duration SHORTEST_CLOSE_TIMEOUT = Duration.ofMillis(10);

  /** The longest close timeout. */
  public static final Duration LONGEST_CLOSE_TIMEOUT = Duration.ofMinutes(5);

  private static final int MOST_MESSAGE_BYTES = 1 << 28;

  private final int maxMessageBytes;
  private final int maxFragments;
  private final boolean compression;
  private final int minCompressBytes;
  private final List<String> subprotocols;
  private final Duration closeTimeout;
  private final ErrorHandler errors;
  private final Zlib zlib = new Zlib();

  private WebSocketOptions(Builder options) {
    maxMessageBytes = options.maxMessageBytes;
    maxFragments = options.maxFragments;
    compression = options.compression;
    minCompressBytes = options.minCompressBytes;
    subprotocols = options.subprotocols;
    closeTimeout = options.closeTimeout;
    errors = options.errors;
  }

  /** Collects options. */
  public static Builder builder() {
    return new Builder();
  }

  /** The options that {@link #builder} starts with. */
  public static WebSocketOptions defaults() {
    return builder().build();
  }

  /** Most bytes of a message from a client, put together and inflated. */
  public int maxMessageBytes() {
    return maxMessageBytes;
  }

  int maxFragments() {
    return maxFragments;
  }

  boolean compression() {
    return compression;
  }

  int minCompressBytes() {
    return minCompressBytes;
  }

  List<String> subprotocols() {
    return subprotocols;
  }

  Duration closeTimeout() {
    return closeTimeout;
  }

  ErrorHandler errors() {
    return errors;
  }

  Zlib zlib() {
    return zlib;
  }

  /** Collects options; for one thread. */
  public static final class Builder {
    private final Set<String> given = new HashSet<>();
    private int maxMessageBytes = 60 * 1024;
    private int maxFragments = 1024;
    private boolean compression = true;
    private int minCompressBytes = 512;
    private List<String> subprotocols = List.of();
    private Duration closeTimeout = Duration.ofSeconds(5);
    private ErrorHandler errors = ErrorHandler.logging();

    private Builder() {}

    /**
     * Most bytes of a message from a client: announced, put together from fragments, and inflated.
     * A larger one closes with {@link CloseCode#TOO_BIG}. From 125 to 256 MiB. Default: 60 KiB.
     */
    public Builder maxMessageBytes(int maxMessageBytes) {
      Given.once(given, "maxMessageBytes");
      this.maxMessageBytes = maxMessageBytes;
      return this;
    }

    /**
     * Most frames of one message from a client. More close with {@link CloseCode#POLICY}. At least
     * 1. Default: 1,024.
     */
    public Builder maxFragments(int maxFragments) {
      Given.once(given, "maxFragments");
      this.maxFragments = maxFragments;
      return this;
    }

    /**
     * Whether permessage-deflate (RFC 7692) is negotiated with clients that offer it; never with
     * context take-over. Default: true.
     */
    public Builder compression(boolean compression) {
      Given.once(given, "compression");
      this.compression = compression;
      return this;
    }

    /** Messages to clients are compressed from this size on. At least 1. Default: 512 bytes. */
    public Builder minCompressBytes(int minCompressBytes) {
      Given.once(given, "minCompressBytes");
      this.minCompressBytes = minCompressBytes;
      return this;
    }

    /**
     * The subprotocols that the server speaks; of those that a client offers the first one of these
     * is chosen in the client's order. Each a token of HTTP, none twice. Default: none.
     */
    public Builder subprotocols(List<String> subprotocols) {
      Given.once(given, "subprotocols");
      this.subprotocols = List.copyOf(subprotocols);
      return this;
    }

    /**
     * How long a closing connection waits for the client's Close, and then for the end of its
     * stream, before it is cut; from 10 ms to 5 minutes. Default: 5 seconds.
     */
    public Builder closeTimeout(Duration closeTimeout) {
      this.closeTimeout = Given.once(given, "closeTimeout", closeTimeout);
      return this;
    }

    /** Told of what a listener throws. Default: it is logged. */
    public Builder errorHandler(ErrorHandler errors) {
      this.errors = Given.once(given, "errorHandler", errors);
      return this;
    }

    /**
     * Checks all options.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public WebSocketOptions build() {
      List<String> faults = new ArrayList<>();
      Given.require(
          faults,
          "maxMessageBytes",
          maxMessageBytes,
          maxMessageBytes >= FrameEncoder.MAX_CONTROL_BYTES
              && maxMessageBytes <= MOST_MESSAGE_BYTES,
          "from %d to %d".formatted(FrameEncoder.MAX_CONTROL_BYTES, MOST_MESSAGE_BYTES));
      Given.require(faults, "maxFragments", maxFragments, maxFragments > 0, "at least 1");
      Given.require(
          faults, "minCompressBytes", minCompressBytes, minCompressBytes > 0, "at least 1");
      Given.require(
          faults,
          "subprotocols",
          subprotocols,
          subprotocols.stream().allMatch(HeaderText::isToken)
              && Set.copyOf(subprotocols).size() == subprotocols.size(),
          "different tokens");
      Given.requireSpan(
          faults, "closeTimeout", closeTimeout, SHORTEST_CLOSE_TIMEOUT, LONGEST_CLOSE_TIMEOUT);
      Given.refuse(faults);
      return new WebSocketOptions(this);
    }
  }
}
