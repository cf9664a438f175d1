package io.platformkit.benchmarks.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SidesTest {
  private static final int SUBSCRIBERS = 20;

  @TestFactory
  List<DynamicTest> everySideDeliversEachMessageOnceToEachSubscriber() throws Exception {
    List<Side> sides = new ArrayList<>(Side.java());
    sides.add(Side.ours(OurServer.KEPT));
    sides.add(Side.ours(OurServer.LIVE));
    sides.addAll(Side.others(Peers.found(System.out::println)));
    return sides.stream()
        .map(side -> DynamicTest.dynamicTest(side.name(), () -> deliversAll(side)))
        .toList();
  }

  private static void deliversAll(Side side) throws Exception {
    try (ServerProcess server = side.start().run();
        Load load = Load.of(server, side.dialect(), SUBSCRIBERS, true)) {
      long deliveries = load.run(8, 0.2).deliveries() + load.run(1, 0.2).deliveries();
      List<String> seen = load.seen();
      assertThat(deliveries).isPositive();
      assertThat(seen).hasSize(SUBSCRIBERS);
      assertThat(seen)
          .allSatisfy(all -> assertThat(texts(all)).isEqualTo(deliveries / SUBSCRIBERS));
    }
  }

  private static long texts(String all) {
    return all.split(Orders.TEXT, -1).length - 1L;
  }
}
