package io.platformkit.realtime.client;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.StaticFiles;

/**
 * The client for browsers: the ES module {@code platform-kit.js}, without dependencies and without
 * a build. A page imports it from where the host mounts it.
 *
 * <pre>{@code
 * RealtimeServer.builder().mount("/client", BrowserClient.files())
 *
 * <script type="module">
 *   import { connect } from '/client/platform-kit.js';
 *   connect().subscribe('news/a', (message) => show(message.payload));
 * </script>
 * }</pre>
 */
public final class BrowserClient {
  private static final String FOLDER = "META-INF/platform-kit";

  private BrowserClient() {}

  /** Answers {@code platform-kit.js} and the modules that it imports; safe for concurrent use. */
  public static HttpEndpoint files() {
    return StaticFiles.builder(FOLDER).classLoader(BrowserClient.class.getClassLoader()).build();
  }
}
