package io.platformkit.core.timeseries;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Downsampling of points with gaps, as {@link Lttb} documents it: each gap is kept as one mark, the
 * runs between share what is left.
 *
 * @param size how many points there are
 * @param gaps in order; not touching each other
 */
record Gaps(int size, List<Gap> gaps) {
  /** What a gap between two runs costs: its mark, and an end of the run at each side. */
  private static final int COST = 3;

  /** Points {@code [from, to)}, none of them finite. */
  record Gap(int from, int to) {
    int length() {
      return to - from;
    }
  }

  /** Finite points {@code [from, to)} between two gaps. */
  private record Run(int from, int to) {
    int length() {
      return to - from;
    }
  }

  /** Selects {@code share} points of {@code [from, to)}, of which there are more. */
  interface RunSelector {
    int[] select(int from, int to, int share);
  }

  /** Finds the gaps by asking every point. */
  static Gaps find(int size, IntPredicate isFinite) {
    List<Gap> gaps = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= size; i++) {
      boolean inGap = i < size && !isFinite.test(i);
      if (inGap && start < 0) {
        start = i;
      } else if (!inGap && start >= 0) {
        gaps.add(new Gap(start, i));
        start = -1;
      }
    }
    return new Gaps(size, gaps);
  }

  /** Whether a budget keeps all gaps and both ends of each run. */
  boolean fitInto(int nOut) {
    return gaps.size() - atAnEnd() <= most(nOut);
  }

  private int atAnEnd() {
    return (int) gaps.stream().filter(this::isAtAnEnd).count();
  }

  private int most(int nOut) {
    return Math.max(0, (nOut - 2 - atAnEnd()) / COST);
  }

  private boolean isAtAnEnd(Gap gap) {
    return gap.from == 0 || gap.to == size;
  }

  /** The gaps at both ends, which the first and the last point need, and the longest others. */
  Gaps longest(int nOut) {
    Comparator<Gap> byLength = Comparator.comparing(Gap::length, Comparator.reverseOrder());
    List<Gap> kept =
        new ArrayList<>(
            gaps.stream()
                .filter(gap -> !isAtAnEnd(gap))
                .sorted(byLength)
                .limit(most(nOut))
                .toList());
    gaps.stream().filter(this::isAtAnEnd).forEach(kept::add);
    kept.sort(Comparator.comparingInt(Gap::from));
    return new Gaps(size, kept);
  }

  /** One mark a gap, and each run's share; ascending. */
  int[] select(int nOut, RunSelector selector) {
    List<Run> runs = runs();
    int[] shares = shares(runs, nOut - gaps.size());
    IntStream marks = gaps.stream().flatMapToInt(this::marks);
    IntStream points =
        IntStream.range(0, shares.length)
            .boxed()
            .flatMapToInt(i -> Arrays.stream(selectOf(runs.get(i), shares[i], selector)));
    return IntStream.concat(marks, points).sorted().toArray();
  }

  /** Its first point, or its last where the points end with it; both where there is no other. */
  private IntStream marks(Gap gap) {
    if (gap.length() == size && size > 1) {
      return IntStream.of(0, size - 1);
    }
    return IntStream.of(gap.to == size ? size - 1 : gap.from);
  }

  private static int[] selectOf(Run run, int share, RunSelector selector) {
    if (share >= run.length()) {
      return IntStream.range(run.from, run.to).toArray();
    }
    if (share >= 2) {
      return selector.select(run.from, run.to, share);
    }
    int onlyEnd = run.from == 0 ? run.from : run.to - 1;
    return share == 0 ? new int[0] : new int[] {onlyEnd};
  }

  private List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    int from = 0;
    for (Gap gap : gaps) {
      runs.add(new Run(from, gap.from));
      from = gap.to;
    }
    runs.add(new Run(from, size));
    return runs.stream().filter(run -> run.length() > 0).toList();
  }

  /**
   * Two points a run, or its only one; the rest by length, what rounding leaves to the first. Where
   * the budget is too small for that there is one run.
   */
  private static int[] shares(List<Run> runs, int budget) {
    int[] shares = runs.stream().mapToInt(run -> Math.min(2, run.length())).toArray();
    int rest = budget - Arrays.stream(shares).sum();
    if (rest < 0) {
      return new int[] {budget};
    }
    long open = runs.stream().mapToLong(Gaps::beyondTwo).sum();
    long toShare = Math.min(rest, open);
    long left = toShare;
    for (int i = 0; i < shares.length && open > 0; i++) {
      int share = (int) (toShare * beyondTwo(runs.get(i)) / open);
      shares[i] += share;
      left -= share;
    }
    for (int i = 0; left > 0; i = (i + 1) % shares.length) {
      if (shares[i] < runs.get(i).length()) {
        shares[i]++;
        left--;
      }
    }
    return shares;
  }

  private static int beyondTwo(Run run) {
    return Math.max(0, run.length() - 2);
  }
}
