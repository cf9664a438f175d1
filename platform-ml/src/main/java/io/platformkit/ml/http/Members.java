package io.platformkit.ml.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Members of a JSON object that a caller sent; each fault is a 400 that names the member. */
final class Members {
  private final String path;
  private final Map<?, ? extends @Nullable Object> members;

  /**
   * Those of one object.
   *
   * @param path of the object, for messages: {@code "inputs[0]."}
   */
  Members(String path, Map<?, ? extends @Nullable Object> members) {
    this.path = path;
    this.members = members;
  }

  boolean has(String name) {
    return members.get(name) != null;
  }

  private Object require(String name, String rule) {
    Object value = members.get(name);
    if (value == null) {
      throw Failures.malformed("%s%s is missing; it must be %s".formatted(path, name, rule));
    }
    return value;
  }

  String text(String name) {
    return optionalText(name)
        .orElseThrow(() -> Failures.malformed(path + name + " is missing; it must be a text"));
  }

  Optional<String> optionalText(String name) {
    return optional(name, String.class, "a text");
  }

  Optional<Boolean> optionalBool(String name) {
    return optional(name, Boolean.class, "true or false");
  }

  /** A whole number of at least 0. */
  Optional<Integer> optionalCount(String name) {
    Optional<Integer> count = optional(name, Integer.class, "a whole number");
    if (count.filter(number -> number < 0).isPresent()) {
      throw Failures.malformed(path + name, count.get(), "at least 0");
    }
    return count;
  }

  private <T> Optional<T> optional(String name, Class<T> type, String rule) {
    Object value = members.get(name);
    if (value != null && !type.isInstance(value)) {
      throw Failures.malformed(path + name, value, rule);
    }
    return Optional.ofNullable(value).map(type::cast);
  }

  List<?> list(String name) {
    Object value = require(name, "a list");
    if (value instanceof List<?> list) {
      return list;
    }
    throw Failures.malformed(path + name, value, "a list");
  }

  /** An object's members; none if it is not there. */
  Members object(String name) {
    Object value = members.get(name);
    if (value == null) {
      return new Members(path + name + ".", Map.of());
    }
    return of(path + name, value);
  }

  boolean isList(String name) {
    return members.get(name) instanceof List<?>;
  }

  /** Where a member is, for messages. */
  String path(String name) {
    return path + name;
  }

  List<Members> objects(String name) {
    return of(path + name, list(name));
  }

  /** The objects of a list. */
  static List<Members> of(String at, List<?> list) {
    List<Members> objects = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      objects.add(of("%s[%d]".formatted(at, i), list.get(i)));
    }
    return objects;
  }

  /** The members of what must be an object. */
  static Members of(String at, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new Members(at + ".", map);
    }
    throw Failures.malformed(at, value, "an object");
  }

  /** All of them, as features. */
  @SuppressWarnings("unchecked")
  Map<String, @Nullable Object> asMap() {
    return (Map<String, @Nullable Object>) members;
  }
}
