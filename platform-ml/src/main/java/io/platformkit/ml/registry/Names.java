package io.platformkit.ml.registry;

import java.util.Objects;
import java.util.regex.Pattern;

/** What models and versions may be called: fit for a path, a key and a metric's tag as they are. */
final class Names {
  private static final int LONGEST = 128;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,127}");

  private Names() {}

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  static String require(String property, String name) {
    Objects.requireNonNull(name, property);
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "%s was '%s' but it must be 1 to %d letters, digits, '.', '_', '+' or '-', and begin with a letter or digit"
              .formatted(property, shown(name), LONGEST));
    }
    return name;
  }

  private static String shown(String name) {
    String printable = name.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= LONGEST ? printable : printable.substring(0, 40) + "…";
  }
}
