package io.platformkit.ml.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The answers to a batch, in the order of its requests. For one thread. */
final class BatchAnswers {
  private final int size;
  private final SortedMap<Integer, Map<String, Object>> answers = new TreeMap<>();
  private int errors;

  BatchAnswers(int size) {
    this.size = size;
  }

  void done(int at, Map<String, Object> answer) {
    answers.put(at, answer);
  }

  void failed(int at, Map<String, Object> error) {
    answers.put(at, error);
    errors++;
  }

  Map<String, Object> members(String id, double seconds) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("batch_id", id);
    members.put("predictions", answers.values());
    members.put("total_processed", size);
    members.put("success_count", size - errors);
    members.put("error_count", errors);
    members.put("processing_time", seconds);
    return members;
  }
}
