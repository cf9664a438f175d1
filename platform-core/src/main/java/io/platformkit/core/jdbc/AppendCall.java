package io.platformkit.core.jdbc;

import io.platformkit.core.Bounds;
import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.RandomNumbers;
import io.platformkit.core.jdbc.Append.Placed;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.log.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Appends that are done together by one call of a function of PostgreSQL: one round trip, and locks
 * that are held for no longer than the server needs. Streams count in rows that stay locked until
 * the commit, so that offsets become visible in their order.
 */
final class AppendCall implements ResentSql<List<Placed>> {
  /** By how much clocks may differ over a short time. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final Session session;
  private final EventLogOptions options;
  private final List<Append<?>> appends;
  private final List<Integer> order; // by stream, so that locks are taken in one order
  private final RandomNumbers randoms = new RandomNumbers();
  private long firstSentAt;

  AppendCall(Session session, EventLogOptions options, List<Append<?>> appends) {
    this.session = session;
    this.options = options;
    this.appends = appends;
    this.order =
        IntStream.range(0, appends.size())
            .boxed()
            .sorted(Comparator.comparing(i -> appends.get(i).stream(), Bounds.NAME_ORDER))
            .toList();
  }

  @Override
  public List<Placed> run(Connection connection, boolean again) throws SQLException {
    long now = System.nanoTime();
    firstSentAt = again ? firstSentAt : now;
    String sql =
        "SELECT * FROM %s(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            .formatted(session.settings().table("append"));
    try (PreparedStatement call = connection.prepareStatement(sql)) {
      Parameters parameters = new Parameters(connection, call);
      bindAppends(parameters);
      bindEntries(parameters);
      parameters.text(HexFormat.of().toHexDigits(randoms.next()));
      parameters.number(randoms.next());
      parameters.number(options.idleTtl().map(AppendCall::micros).orElse(null));
      parameters.number(micros(EventLog.KEY_WINDOW));
      parameters.number(again ? (now - firstSentAt) / 1000 + micros(MARGIN) : null);
      return placed(call);
    }
  }

  private static long micros(Duration span) {
    return span.toNanos() / 1000;
  }

  private void bindAppends(Parameters parameters) throws SQLException {
    parameters.text(options.namespace());
    parameters.array("text", each(Append::stream));
    parameters.array("text", each(append -> append.key().orElse(null)));
    parameters.array("bigint", each(append -> append.onlyAt().map(Position::offset).orElse(null)));
    parameters.array("bigint", each(append -> append.onlyAt().map(Position::mark).orElse(null)));
    parameters.array("integer", each(append -> append.entries().size()));
    parameters.array("bigint", each(AppendCall::largest));
    parameters.array("bigint", each(Append::firstMark));
    parameters.array("bigint", each(Append::lastMark));
  }

  private static long largest(Append<?> append) {
    return append.entries().stream().mapToLong(data -> data.length).max().orElse(0);
  }

  private Object[] each(Function<Append<?>, @Nullable Object> part) {
    return order.stream().map(i -> part.apply(appends.get(i))).toArray();
  }

  private void bindEntries(Parameters parameters) throws SQLException {
    int count = appends.stream().mapToInt(append -> append.entries().size()).sum();
    int[] owners = new int[count];
    int[] numbers = new int[count];
    long[] marks = new long[count];
    byte[][] data = new byte[count][];
    int at = 0;
    for (int owner = 1; owner <= order.size(); owner++) {
      Append<?> append = appends.get(order.get(owner - 1));
      for (int i = 0; i < append.entries().size(); i++) {
        owners[at] = owner;
        numbers[at] = i + 1;
        data[at] = append.entries().get(i);
        marks[at] = append.marks().get(i);
        at++;
      }
    }
    parameters.array("integer", owners);
    parameters.array("integer", numbers);
    parameters.array("bigint", marks);
    parameters.array("bytea", data);
  }

  private List<Placed> placed(PreparedStatement call) throws SQLException {
    Placed[] placed = new Placed[appends.size()];
    try (ResultSet row = call.executeQuery()) {
      for (int i : order) {
        row.next();
        placed[i] = placed(row, appends.get(i));
      }
    }
    return Arrays.asList(placed);
  }

  private static Placed placed(ResultSet row, Append<?> append) throws SQLException {
    String epoch = row.getString("o_epoch");
    long seq = row.getLong("o_seq");
    long mark = row.getLong("o_mark");
    return switch (row.getInt("o_outcome")) {
      case 0 -> new Placed.New(positions(append, epoch, seq));
      case 1 -> new Placed.Known(new Position(epoch, seq, mark));
      case 2 -> new Placed.Moved(new Position(epoch, seq, mark));
      default ->
          throw new OutcomeUnknownException(
              "the answer to an append was lost, and its stream was trimmed since",
              new SQLTimeoutException("no answer in time"));
    };
  }

  private static List<Position> positions(Append<?> append, String epoch, long first) {
    List<Position> positions = new ArrayList<>();
    for (long mark : append.marks()) {
      positions.add(new Position(epoch, first + positions.size(), mark));
    }
    return positions;
  }

  /** Binds one parameter after the other. */
  private static final class Parameters {
    private final Connection connection;
    private final PreparedStatement statement;
    private int last;

    Parameters(Connection connection, PreparedStatement statement) {
      this.connection = connection;
      this.statement = statement;
    }

    void text(String value) throws SQLException {
      statement.setString(++last, value);
    }

    void number(@Nullable Long value) throws SQLException {
      statement.setObject(++last, value, Types.BIGINT);
    }

    void array(String type, Object elements) throws SQLException {
      PGConnection postgres = connection.unwrap(PGConnection.class);
      statement.setArray(++last, postgres.createArrayOf(type, elements));
    }
  }
}
