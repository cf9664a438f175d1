package io.platformkit.ml.http;

import io.platformkit.core.http.Response;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.http.InferRequest.WantedOutput;
import io.platformkit.ml.serving.Served;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answer to an inference request: JSON, with bytes behind it where they were asked for. */
final class InferResponse {

  private InferResponse() {}

  static Response of(InferRequest asked, Served.Done<Tensors> done) {
    ByteArrayOutputStream binary = new ByteArrayOutputStream();
    List<Map<String, Object>> outputs = new ArrayList<>();
    boolean anyBytes = false;
    for (WantedOutput wanted : wanted(asked, done.value())) {
      Tensor tensor =
          done.value()
              .find(wanted.name())
              .orElseThrow(() ->
                  Failures.malformed("output", wanted.name(), "one of " + done.value().names()));
      boolean bytes = wanted.binary().orElse(asked.allBinary());
      anyBytes |= bytes;
      outputs.add(output(wanted.name(), tensor, bytes ? Optional.of(binary) : Optional.empty()));
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model_name", done.id().model());
    members.put("model_version", done.id().version());
    asked.id().ifPresent(id -> members.put("id", id));
    members.put("outputs", outputs);
    return anyBytes ? withBytes(members, binary) : Response.json(Bodies.JSON, members);
  }

  private static List<WantedOutput> wanted(InferRequest asked, Tensors outputs) {
    return asked.outputs().isEmpty()
        ? outputs.names().stream().map(name -> new WantedOutput(name, Optional.empty())).toList()
        : asked.outputs();
  }

  private static Map<String, Object> output(
      String name, Tensor tensor, Optional<ByteArrayOutputStream> binary) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", name);
    members.put("datatype", DataTypes.name(tensor.type()));
    members.put("shape", Arrays.stream(tensor.shape()).boxed().toList());
    if (binary.isPresent()) {
      int size = BinaryTensors.write(tensor, binary.get());
      members.put("parameters", Map.of("binary_data_size", size));
    } else {
      members.put("data", JsonTensors.write(name, tensor));
    }
    return members;
  }

  private static Response withBytes(Map<String, Object> members, ByteArrayOutputStream binary) {
    byte[] head = Bodies.JSON.encode(members);
    byte[] body = Arrays.copyOf(head, head.length + binary.size());
    System.arraycopy(binary.toByteArray(), 0, body, head.length, binary.size());
    return Response.ok(body, "application/octet-stream")
        .withHeader(InferRequest.HEADER_LENGTH, String.valueOf(head.length));
  }
}
