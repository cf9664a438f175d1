package io.platformkit.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdsTest {
  @Test
  void anIdTellsItsNode() {
    SessionIds here = new SessionIds();
    SessionIds there = new SessionIds();

    assertThat(SessionIds.nodeOf(here.next())).contains(here.node());
    assertThat(SessionIds.nodeOf(there.next())).contains(there.node());
    assertThat(here.node()).isNotEqualTo(there.node());
    assertThat(here.next()).isLessThan(here.next());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", ".0123456789abcdef", "../../nodes", "a.b.c"})
  void whatNoNodeMadeHasNone(String id) {
    assertThat(SessionIds.nodeOf(id)).isEmpty();
  }
}
