package io.platformkit.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

class StaticFilesInAJarTest extends StaticFilesContract {
  @Override
  URL classPath(Map<String, String> files) throws IOException {
    Path jar = folder.resolve("files.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry("page/"));
      entries.putNextEntry(new JarEntry("page/lib.js/"));
      for (var file : files.entrySet()) {
        entries.putNextEntry(new JarEntry(file.getKey()));
        entries.write(file.getValue().getBytes(UTF_8));
      }
    }
    return jar.toUri().toURL();
  }
}
