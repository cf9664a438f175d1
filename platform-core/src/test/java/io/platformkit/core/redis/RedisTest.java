package io.platformkit.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class RedisTest {
  @Test
  void allFaultsOfTheOptionsAreReportedTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            Redis.builder("http://app:secret@host")
                .prefix("a:b")
                .maxValueBytes(0)
                .timeout(Duration.ofMillis(1))
                .trusted(Path.of("/does/not/exist.pem"))
                .identity(Path.of("/no/certificate.pem"), Path.of("/no/key.pem"))
                .build())
        .withMessageContainingAll(
            "uri was 'http://…@host'",
            "prefix was 'a:b'",
            "maxValueBytes was '0'",
            "timeout was 'PT0.001S'",
            "trusted was '/does/not/exist.pem'",
            "certificates of identity was '/no/certificate.pem'",
            "key of identity was '/no/key.pem'")
        .satisfies(fault -> assertThat(fault.getMessage()).doesNotContain("secret"));
  }

  @Test
  void anOptionIsGivenOnce() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Redis.builder("redis://host").prefix("a").prefix("b"))
        .withMessage("prefix was already set");
  }

  @Test
  void buildingAskingForPortsAndClosingStartsNothing() {
    Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
    try (Redis redis = Redis.connect("redis://127.0.0.1:1")) {
      assertThat(redis.keyValues().capabilities()).isEmpty();
      assertThat(redis.eventLog().capabilities()).isNotEmpty();
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> !before.contains(thread))
          .extracting(Thread::getName)
          .filteredOn(name -> name.startsWith("platform-redis"))
          .isEmpty();
    }
  }

  @Test
  void withoutLettuceTheErrorNamesTheArtifact() throws Exception {
    List<URL> classes =
        Stream.of(Redis.class, Logger.class, NullMarked.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .toList();
    try (URLClassLoader loader =
        new URLClassLoader(classes.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> door = loader.loadClass(Redis.class.getName());
      assertThat(door).isNotEqualTo(Redis.class);
      assertThatThrownBy(() -> door.getMethod("connect", String.class).invoke(null, "redis://host"))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("io.lettuce:lettuce-core");
    }
  }

  @Test
  void namesOfNamespacesAndKeysNeverBecomeTheSameKey() {
    Set<String> keys = new HashSet<>();
    for (String namespace : List.of("a", "a:b", "a%3Ab", "a%", "%3A")) {
      Names names = new Names("p", namespace);
      for (String key : List.of("b", "b:c", ":b")) {
        keys.add(
            new String(Names.key(names.begin("kv"), Names.bytes(key)), StandardCharsets.UTF_8));
      }
    }
    assertThat(keys).hasSize(15);
  }
}
