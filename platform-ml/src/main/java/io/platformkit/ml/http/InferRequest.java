package io.platformkit.ml.http;

import io.platformkit.core.http.Request;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An inference request, in JSON or in JSON with binary tensors behind it.
 *
 * @param id returned as it came
 * @param outputs the ones that are wanted; empty: all
 * @param allBinary whether outputs are wanted as bytes unless they say otherwise
 */
record InferRequest(
    Optional<String> id, Tensors inputs, List<WantedOutput> outputs, boolean allBinary) {
  /** Says how long the JSON is that stands before binary tensors. */
  static final String HEADER_LENGTH = "Inference-Header-Content-Length";

  private static final int MOST_DIMENSIONS = 32;

  /**
   * One output.
   *
   * @param binary whether it is wanted as bytes, if that was said
   */
  record WantedOutput(String name, Optional<Boolean> binary) {}

  /**
   * Reads a request.
   *
   * @throws io.platformkit.core.http.ProblemException 400 naming what is wrong
   * @throws io.platformkit.core.MalformedJsonException if it is no JSON
   */
  static InferRequest of(Request request) {
    byte[] body = request.body();
    int length = headerLength(request, body.length);
    ByteBuffer binary = ByteBuffer.wrap(body, length, body.length - length);
    Members members =
        new Members(
            "",
            Bodies.JSON.decodeObject(length == body.length ? body : Arrays.copyOf(body, length)));
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Members input : members.objects("inputs")) {
      String name = input.text("name");
      if (inputs.put(name, input(input, name, binary)) != null) {
        throw Failures.malformed("input '%s' was given twice".formatted(name));
      }
    }
    if (binary.hasRemaining()) {
      throw Failures.malformed(
          "the body had %d bytes after its last tensor".formatted(binary.remaining()));
    }
    Members parameters = members.object("parameters");
    return new InferRequest(
        members.optionalText("id"),
        Tensors.of(inputs),
        wanted(members),
        parameters.optionalBool("binary_data_output").orElse(false));
  }

  private static int headerLength(Request request, int bodyLength) {
    Optional<String> text = request.header(HEADER_LENGTH);
    if (text.isEmpty()) {
      return bodyLength;
    }
    try {
      int length = Integer.parseInt(text.get().strip());
      if (length >= 0 && length <= bodyLength) {
        return length;
      }
    } catch (NumberFormatException e) {
      throw Failures.malformed(HEADER_LENGTH, text.get(), "a number");
    }
    throw Failures.malformed(HEADER_LENGTH, text.get(), "from 0 to " + bodyLength);
  }

  private static Tensor input(Members input, String name, ByteBuffer binary) {
    String datatype = input.text("datatype");
    TensorType type =
        DataTypes.type(datatype)
            .orElseThrow(() ->
                Failures.malformed(
                    "datatype of input '%s'".formatted(name),
                    datatype,
                    "one of " + DataTypes.all()));
    long[] shape = shape(input, name);
    Optional<Integer> size = input.object("parameters").optionalCount("binary_data_size");
    if (size.isEmpty()) {
      return JsonTensors.read(name, type, shape, input.list("data"));
    }
    if (size.get() > binary.remaining()) {
      throw Failures.malformed(
          "binary_data_size of input '%s'".formatted(name),
          size.get(),
          "at most %d, for there are no more bytes".formatted(binary.remaining()));
    }
    ByteBuffer own = binary.slice(binary.position(), size.get());
    binary.position(binary.position() + size.get());
    return BinaryTensors.read(name, type, shape, own);
  }

  private static long[] shape(Members input, String name) {
    List<?> lengths = input.list("shape");
    if (lengths.size() > MOST_DIMENSIONS) {
      throw Failures.malformed(
          "shape of input '%s'".formatted(name),
          lengths,
          "of at most %d dimensions".formatted(MOST_DIMENSIONS));
    }
    List<Long> shape = new ArrayList<>();
    for (Object length : lengths) {
      boolean whole = length instanceof Integer || length instanceof Long;
      if (!whole || ((Number) length).longValue() < 0) {
        throw Failures.malformed(
            "shape of input '%s'".formatted(name), lengths, "whole numbers of at least 0");
      }
      shape.add(((Number) length).longValue());
    }
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  private static List<WantedOutput> wanted(Members members) {
    if (!members.has("outputs")) {
      return List.of();
    }
    return members.objects("outputs").stream()
        .map(output ->
            new WantedOutput(
                output.text("name"), output.object("parameters").optionalBool("binary_data")))
        .toList();
  }
}
