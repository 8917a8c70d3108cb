package se.samflode.mockregions;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import se.samflode.config.InvalidFile;
import se.samflode.config.YamlFiles;

/** What {@code regions.yaml} says; its head comment explains the keys. */
record RegionsFile(List<Region> regions) {

  static RegionsFile read(Resource file) {
    RegionsFile read = YamlFiles.read(file, RegionsFile.class);
    for (Region region : read.regions()) {
      if (region.behaviour().shares().values().stream().mapToDouble(d -> d).sum() > 1) {
        throw new InvalidFile(
            file.getDescription(), region.id() + ": the shares of all faults are at most 1 in all");
      }
    }
    return read;
  }

  record Region(
      String id,
      int port,
      String name,
      String organisationNumber,
      Start behaviour,
      @Nullable Integer bookingsOfOneResident,
      List<BookingSystem> systems,
      List<RecordSystem> recordSystems) {

    List<String> systemIds() {
      return Stream.concat(
              systems.stream().map(BookingSystem::id), recordSystems.stream().map(RecordSystem::id))
          .toList();
    }

    List<Place> places() {
      return systems.stream()
          .flatMap(system -> system.units().stream().map(unit -> new Place(this, system, unit)))
          .toList();
    }
  }

  record BookingSystem(String id, String name, String hsaId, List<Unit> units) {}

  record RecordSystem(
      String id,
      String name,
      String hsaId,
      List<String> contracts,
      @Nullable String info,
      @Nullable Integer pageSize) {}

  record Unit(String hsaId, String name, @Nullable String childOf) {}

  /** A care unit as one system of one region keeps its times. */
  record Place(Region region, BookingSystem system, Unit unit) {

    String producer() {
      return region.id() + "-" + system.id();
    }
  }

  /** How a region behaves as long as nobody has told it otherwise. */
  record Start(Delay delay, Map<String, Double> faults, @Nullable Boolean malformedForOneResident) {

    private static final Duration FAST = Duration.ofMillis(60);

    Map<Fault, Double> shares() {
      Map<Fault, Double> shares = new EnumMap<>(Fault.class);
      faults.forEach((id, share) -> shares.put(Fault.of(id).orElseThrow(() -> unknown(id)), share));
      return shares;
    }

    private static IllegalArgumentException unknown(String id) {
      return new IllegalArgumentException(
          "unknown fault " + id + ", must be one of " + Fault.ids());
    }

    boolean down() {
      return shares().containsKey(Fault.DOWN);
    }

    boolean malformedForOne() {
      return Boolean.TRUE.equals(malformedForOneResident);
    }

    boolean slow() {
      return delay.max().compareTo(Duration.ofSeconds(1)) > 0;
    }

    boolean healthy() {
      return faults.isEmpty() && !malformedForOne() && delay.max().compareTo(FAST) <= 0;
    }
  }

  /** A log-normal delay, cut off below and above. */
  record Delay(Duration median, double sigma, Duration min, Duration max) {

    /**
     * @param normal a draw from the standard normal distribution
     */
    long millis(double normal) {
      double drawn = median.toMillis() * Math.exp(sigma * normal);
      return Math.round(Math.clamp(drawn, (double) min.toMillis(), (double) max.toMillis()));
    }
  }
}
