package io.platformkit.examples.quickstart;

import io.platformkit.core.Ids;
import java.util.UUID;

/** Ids that sort by the time of their making. */
public final class SortableIds {
  private SortableIds() {}

  /** Makes two ids and compares them. */
  public static void main(String[] args) {
    // @start region="ids"
    Ids ids = Ids.create();
    UUID first = ids.next();
    UUID second = ids.next();
    System.out.println(first.toString().compareTo(second.toString()) < 0);
    System.out.println(Ids.timeOf(first));
    // @end
  }
}
