package se.samflode.bench.country;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** A value for every assumption. Immutable. */
final class Assumptions {

  private final Map<Assumption, Double> values;

  private Assumptions(Map<Assumption, Double> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /** The values that stand in {@link Assumption} or in system properties. */
  static Assumptions standard() {
    Map<Assumption, Double> values = new EnumMap<>(Assumption.class);
    for (Assumption one : Assumption.values()) {
      values.put(one, one.value());
    }
    return new Assumptions(values);
  }

  Assumptions with(Assumption one, double value) {
    Map<Assumption, Double> changed = new EnumMap<>(values);
    changed.put(one, value);
    return new Assumptions(changed);
  }

  double get(Assumption one) {
    return values.getOrDefault(one, Double.NaN);
  }
}
