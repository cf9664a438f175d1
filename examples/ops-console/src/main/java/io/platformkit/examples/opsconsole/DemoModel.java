package io.platformkit.examples.opsconsole;

import io.platformkit.ml.schema.ModelSchema;
import java.util.Map;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/** A model that the console brings along, with a made-up world to be asked about. */
interface DemoModel {
  String name();

  String algorithm();

  ModelSchema schema();

  /** Its versions by name, oldest first: the last one but one serves, the last one is staged. */
  SequencedMap<String, LinearModel> versions();

  /** The features of somebody or something in the made-up world. */
  Map<String, Object> example(RandomGenerator random);

  /** What a perfect model would say of an example, were it not for chance. */
  double truth(Map<String, Object> example, RandomGenerator chance);

  /** What the mean distance of predictions from the truth is called. */
  String error();
}
