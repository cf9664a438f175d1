package io.platformkit.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WithoutTokensTest {
  @Test
  void keysAndGuardsNeedNoLibraryForTokensAndTokensNameIt() throws Exception {
    URL[] others =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("nimbus"))
            .map(WithoutTokensTest::url)
            .toArray(URL[]::new);
    try (var loader = new URLClassLoader(others, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(WithoutTokens.class.getName());
      var host = (Callable<?>) type.getConstructor().newInstance();
      assertThat(host.call())
          .isEqualTo(
              "204 tokens need Nimbus on the class path;"
                  + " add the artifact com.nimbusds:nimbus-jose-jwt");
    }
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
