package io.platformkit.realtime.server;

import io.platformkit.core.Ids;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names sessions, so that each node knows on which one a session is: an id, a dot and the node's
 * name. Safe for concurrent use.
 */
final class SessionIds {
  private static final Pattern FORM = Pattern.compile("[0-9a-f-]{36}\\.([0-9a-f]{16})");

  private final String node = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
  private final Ids ids = Ids.create();

  /** This node's name, new at each start. */
  String node() {
    return node;
  }

  String next() {
    return ids.nextText() + '.' + node;
  }

  /** The name of the node that made an id; empty if none can have. */
  static Optional<String> nodeOf(String session) {
    Matcher form = FORM.matcher(session);
    return form.matches() ? Optional.of(form.group(1)) : Optional.empty();
  }
}
