package io.platformkit.examples.opsconsole;

import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.ModelSchema;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/** What a flat costs a month: a regressor. */
final class RentModel implements DemoModel {
  private static final List<String> DISTRICTS = List.of("outskirts", "west", "old town");
  private static final LocalDate OLDEST = LocalDate.of(1900, 1, 1);
  private static final LocalDate NEWEST = LocalDate.of(2030, 1, 1);
  private static final double SMALLEST = 10;
  private static final double LARGEST = 300;

  @Override
  public String name() {
    return "rent";
  }

  @Override
  public String algorithm() {
    return "linear regression";
  }

  @Override
  public ModelSchema schema() {
    return ModelSchema.regressor(
        LinearModel.OUTPUT,
        Feature.number("area_m2").from(SMALLEST).to(LARGEST),
        Feature.number("rooms").from(1).to(12).otherwise(2),
        Feature.category("district", districts()),
        Feature.date("built").from((double) OLDEST.toEpochDay()).to((double) NEWEST.toEpochDay()),
        Feature.bool("balcony").otherwise(false));
  }

  private static Map<String, Double> districts() {
    Map<String, Double> codes = new LinkedHashMap<>();
    DISTRICTS.forEach(district -> codes.put(district, (double) codes.size()));
    return codes;
  }

  @Override
  public SequencedMap<String, LinearModel> versions() {
    SequencedMap<String, LinearModel> versions = new LinkedHashMap<>();
    versions.put("v1", LinearModel.of(400.0, 10.0, 0.0, 0.0, 0.0, 0.0));
    versions.put("v2", LinearModel.of(120.0, 11.0, 0.0, 230.0, 0.0, 0.0));
    versions.put("v3", LinearModel.of(90.0, 11.0, 35.0, 230.0, 0.008, 60.0));
    return versions;
  }

  @Override
  public Map<String, Object> example(RandomGenerator random) {
    long area = Math.round(random.nextDouble(20, 150));
    long built = random.nextLong(OLDEST.toEpochDay(), NEWEST.toEpochDay());
    return Map.of(
        "area_m2", area,
        "rooms", 1 + area / 30,
        "district", DISTRICTS.get(random.nextInt(DISTRICTS.size())),
        "built", LocalDate.ofEpochDay(built).toString(),
        "balcony", random.nextBoolean());
  }

  /** Euros a month. */
  @Override
  public double truth(Map<String, Object> flat, RandomGenerator chance) {
    LocalDate built = LocalDate.parse(String.valueOf(flat.get("built")));
    return 90
        + 11 * number(flat, "area_m2")
        + 35 * number(flat, "rooms")
        + 230 * DISTRICTS.indexOf(flat.get("district"))
        + 0.008 * built.toEpochDay()
        + (Boolean.TRUE.equals(flat.get("balcony")) ? 60 : 0)
        + 80 * chance.nextGaussian();
  }

  private static double number(Map<String, Object> flat, String feature) {
    return flat.get(feature) instanceof Number number ? number.doubleValue() : 0;
  }

  @Override
  public String error() {
    return "mean_error_eur";
  }
}
