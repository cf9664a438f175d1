package io.platformkit.ml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.BiConsumer;

/** Tensors by name, in an order. Immutable as a collection; the tensors' elements are not. */
public final class Tensors {
  private static final Tensors NONE = new Tensors(new LinkedHashMap<>());

  private final SequencedMap<String, Tensor> byName;

  private Tensors(SequencedMap<String, Tensor> byName) {
    this.byName = byName;
  }

  /** No tensor. */
  public static Tensors none() {
    return NONE;
  }

  /** One tensor. */
  public static Tensors of(String name, Tensor tensor) {
    return NONE.and(name, tensor);
  }

  /** Those of a map, in its order. */
  public static Tensors of(Map<String, Tensor> tensors) {
    LinkedHashMap<String, Tensor> copy = new LinkedHashMap<>();
    tensors.forEach((name, tensor) ->
        copy.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(tensor, "tensor")));
    return new Tensors(copy);
  }

  /**
   * These and one more, which comes last.
   *
   * @throws IllegalArgumentException if there is one of this name
   */
  public Tensors and(String name, Tensor tensor) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(tensor, "tensor");
    SequencedMap<String, Tensor> more = new LinkedHashMap<>(byName);
    if (more.put(name, tensor) != null) {
      throw new IllegalArgumentException(
          "tensor '%s' was given twice but names must differ".formatted(name));
    }
    return new Tensors(more);
  }

  /**
   * The tensor of a name.
   *
   * @throws NoSuchElementException naming those that there are
   */
  public Tensor get(String name) {
    Tensor found = byName.get(name);
    if (found == null) {
      throw new NoSuchElementException(
          "tensor '%s' was asked for but there are %s".formatted(name, names()));
    }
    return found;
  }

  /** The tensor of a name, if there is one. */
  public Optional<Tensor> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The names, in order. */
  public SequencedSet<String> names() {
    return Collections.unmodifiableSequencedSet(byName.sequencedKeySet());
  }

  /** How many there are. */
  public int size() {
    return byName.size();
  }

  /** Visits each, in order. */
  public void forEach(BiConsumer<String, Tensor> visitor) {
    byName.forEach(visitor);
  }

  /** Views of some rows of each; see {@link Tensor#rows}. */
  public Tensors rows(int first, int count) {
    SequencedMap<String, Tensor> views = new LinkedHashMap<>();
    byName.forEach((name, tensor) -> views.put(name, tensor.rows(first, count)));
    return new Tensors(views);
  }

  /** Names, types and shapes: {@code {features=FLOAT32[500, 64]}}. */
  @Override
  public String toString() {
    return byName.toString();
  }
}
