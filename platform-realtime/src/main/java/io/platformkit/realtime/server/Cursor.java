package io.platformkit.realtime.server;

import io.platformkit.core.log.Position;
import java.util.Map;

/**
 * Where a stream of events is in all of its topics with history.
 *
 * @param ended whether nothing will come any more
 */
record Cursor(Map<String, Position> positions, boolean ended) {}
