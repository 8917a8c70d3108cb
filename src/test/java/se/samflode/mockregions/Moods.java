package se.samflode.mockregions;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import se.samflode.mockregions.RegionsFile.Region;

/**
 * How the next call of a region's systems is met: as its system was told, else as the region was
 * told, else as at the start, by chance. Thread-safe.
 */
final class Moods {

  private final Region region;
  private final Random chance;
  private final Map<String, Behaviour> toldSystems = new ConcurrentHashMap<>();
  private volatile @Nullable Behaviour told;

  Moods(Region region, long seed) {
    this.region = region;
    this.chance = new Random(seed + region.port());
  }

  /**
   * Tells the region as a whole, and all its systems.
   *
   * @param behaviour of every call from now on; {@code null} restores the behaviour at start
   */
  void tell(@Nullable Behaviour behaviour) {
    told = behaviour;
    toldSystems.clear();
  }

  /**
   * Tells one system.
   *
   * @param behaviour of its calls from now on; {@code null} for that of the region
   * @throws IllegalArgumentException if the region has no such system, or it should go down: all
   *     systems of a region share its port
   */
  void tell(String system, @Nullable Behaviour behaviour) {
    if (!region.systemIds().contains(system)) {
      throw new IllegalArgumentException(
          "unknown system; it must be one of " + String.join(", ", region.systemIds()));
    }
    if (behaviour == null) {
      toldSystems.remove(system);
    } else if (behaviour.fault() == Fault.DOWN) {
      throw new IllegalArgumentException("down closes the region's port; tell the region");
    } else {
      toldSystems.put(system, behaviour);
    }
  }

  /** Whether the port is closed. */
  boolean down() {
    Behaviour now = told;
    return now == null ? region.behaviour().down() : now.fault() == Fault.DOWN;
  }

  /** Whether a system does as at the start. */
  boolean untold(String system) {
    return told == null && !toldSystems.containsKey(system);
  }

  Behaviour next(String system) {
    Behaviour now = toldSystems.getOrDefault(system, told);
    if (now != null) {
      return now;
    }
    double draw = chance.nextDouble();
    Fault fault = null;
    for (var share : region.behaviour().shares().entrySet()) {
      draw -= share.getValue();
      if (draw < 0) {
        fault = share.getKey();
        break;
      }
    }
    return new Behaviour(region.behaviour().delay().millis(chance.nextGaussian()), fault);
  }
}
