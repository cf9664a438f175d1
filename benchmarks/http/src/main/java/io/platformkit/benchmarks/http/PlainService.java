package io.platformkit.benchmarks.http;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.platformkit.core.Json;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.ml.onnx.MlpModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a team writes that has ONNX Runtime and a server: one session, a tensor for each request.
 */
final class PlainService implements HttpEndpoint, AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  PlainService(byte[] model) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(model, options);
    }
  }

  @Override
  public Response handle(Request request) throws OrtException {
    long begin = System.nanoTime();
    Map<String, @Nullable Object> body = Json.standard().decodeObject(request.body());
    FloatBuffer row =
        ByteBuffer.allocateDirect(ModelHost.WIDTH * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    if (!(body.get("features") instanceof Map<?, ?> features)
        || !(features.get(ModelHost.FEATURE) instanceof List<?> values)
        || values.size() != ModelHost.WIDTH) {
      throw Problem.of(400, "features.x must have 64 numbers").toException();
    }
    for (Object value : values) {
      row.put(((Number) value).floatValue());
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("user_id", String.valueOf(body.get("user_id")));
    answer.put("prediction", compute(row.flip()));
    answer.put("model_id", ModelHost.MODEL);
    answer.put("model_version", "1");
    answer.put("latency_ms", (System.nanoTime() - begin) / 1e6);
    return Response.json(answer);
  }

  private float compute(FloatBuffer row) throws OrtException {
    try (OnnxTensor input =
            OnnxTensor.createTensor(environment, row, new long[] {1, ModelHost.WIDTH});
        OrtSession.Result result = session.run(Map.of(MlpModel.INPUT, input))) {
      return ((OnnxTensor) result.get(0)).getFloatBuffer().get(0);
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
