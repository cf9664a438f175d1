package io.platformkit.core.bucketing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buckets do not depend on how a JVM compiles, keeps text, encodes or writes numbers. */
class AnotherJvmIT {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xint",
        "-XX:-CompactStrings -XX:TieredStopAtLevel=1",
        "-Dfile.encoding=ISO-8859-1 -Duser.language=tr -Duser.country=TR",
        "-Dfile.encoding=UTF-16 -Duser.language=ar -XX:+UseSerialGC",
      })
  void anotherJvmDealsTheSameBuckets(String options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
    command.add(BucketDigest.class.getName());
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String digest = new String(child.getInputStream().readAllBytes(), US_ASCII);

    assertThat(child.waitFor()).isZero();
    assertThat(digest).isEqualTo(BucketDigest.of());
  }
}
