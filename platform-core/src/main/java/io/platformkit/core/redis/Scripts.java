package io.platformkit.core.redis;

import java.util.List;

/** All scripts; each connection loads them before it is used. */
final class Scripts {
  static final Script DECLARE = Script.of("kv-declare.lua");
  static final Script COMPARE_AND_SET = Script.of("kv-compare-and-set.lua");
  static final Script DELETE_IF = Script.of("kv-delete-if.lua");
  static final Script PUT_INDEXED = Script.of("kv-put-indexed.lua");
  static final Script DELETE_INDEXED = Script.of("kv-delete-indexed.lua");
  static final Script SCAN = Script.of("kv-scan.lua");

  static final Script APPEND = Script.of("log-append-one.lua", "log-common.lua", "log-append.lua");
  static final Script HEAD = Script.of("log-common.lua", "log-head.lua");
  static final Script READ = Script.of("log-common.lua", "log-read.lua");
  static final Script TRIM = Script.of("log-common.lua", "log-trim.lua");
  static final Script DELETE_LOG = Script.of("log-delete.lua");

  static final Script ACQUIRE = Script.of("lease-acquire.lua");
  static final Script RENEW = Script.of("lease-held.lua", "lease-renew.lua");
  static final Script RELEASE = Script.of("lease-held.lua", "lease-release.lua");

  static final List<Script> ALL =
      List.of(
          DECLARE,
          COMPARE_AND_SET,
          DELETE_IF,
          PUT_INDEXED,
          DELETE_INDEXED,
          SCAN,
          APPEND,
          HEAD,
          READ,
          TRIM,
          DELETE_LOG,
          ACQUIRE,
          RENEW,
          RELEASE);

  private Scripts() {}

  /** A host's script that runs only while a lease is held. */
  static Script fenced(String script) {
    return Script.ofText(Script.of("lease-held.lua", "lease-fenced.lua").text() + script);
  }
}
