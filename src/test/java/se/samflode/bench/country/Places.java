package se.samflode.bench.country;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** All addresses of one kind of system, and who has content where. Immutable. */
final class Places {

  private static final int UNITS = 10;
  private static final int MOST = 8;

  /** Inhabitants in thousands in 2024, in the order of county codes. Source: SCB, rounded. */
  private static final Map<String, Integer> INHABITANTS =
      Map.ofEntries(
          Map.entry("stockholm", 2_455),
          Map.entry("uppsala", 405),
          Map.entry("sodermanland", 302),
          Map.entry("ostergotland", 474),
          Map.entry("jonkoping", 369),
          Map.entry("kronoberg", 204),
          Map.entry("kalmar", 247),
          Map.entry("gotland", 61),
          Map.entry("blekinge", 158),
          Map.entry("skane", 1_428),
          Map.entry("halland", 344),
          Map.entry("vastra-gotaland", 1_773),
          Map.entry("varmland", 284),
          Map.entry("orebro", 308),
          Map.entry("vastmanland", 281),
          Map.entry("dalarna", 287),
          Map.entry("gavleborg", 285),
          Map.entry("vasternorrland", 241),
          Map.entry("jamtland-harjedalen", 132),
          Map.entry("vasterbotten", 279),
          Map.entry("norrbotten", 248));

  private final Map<String, List<Place>> byRegion;
  private final List<String> regions;
  private final int inhabitants;

  Places(List<Place> places) {
    this.byRegion =
        places.stream().collect(Collectors.groupingBy(Place::region, Collectors.toList()));
    this.regions = byRegion.keySet().stream().sorted().toList();
    this.inhabitants = regions.stream().mapToInt(Places::inhabitants).sum();
  }

  /** Invented addresses in all regions, each of a producer of its own. */
  static Places invented(Function<String, Place.Habit> habitOfProducer) {
    List<Place> places = new ArrayList<>();
    for (String region : INHABITANTS.keySet().stream().sorted().toList()) {
      for (int unit = 0; unit < UNITS; unit++) {
        String id = region + "-" + unit;
        places.add(new Place(region, id, id, habitOfProducer.apply(id)));
      }
    }
    return new Places(places);
  }

  private static int inhabitants(String region) {
    return INHABITANTS.getOrDefault(region, 0);
  }

  /** Every place once. */
  List<Place> all() {
    return regions.stream()
        .flatMap(region -> byRegion.getOrDefault(region, List.of()).stream())
        .toList();
  }

  /**
   * Where one resident has content: each place once, at most 8.
   *
   * @param further how many beyond the first in the mean
   * @param home chance that a further one is in the region of the first
   */
  List<Place> some(double further, double home, RandomGenerator random) {
    String first = region(random);
    List<Place> some = new ArrayList<>();
    some.add(one(first, random));
    // A geometric number with that mean.
    while (some.size() < MOST && random.nextDouble() < further / (1 + further)) {
      Place next = one(random.nextDouble() < home ? first : region(random), random);
      if (!some.contains(next)) {
        some.add(next);
      }
    }
    return some;
  }

  private Place one(String region, RandomGenerator random) {
    List<Place> there = byRegion.getOrDefault(region, List.of());
    return there.get(random.nextInt(there.size()));
  }

  private String region(RandomGenerator random) {
    int draw = random.nextInt(inhabitants);
    for (String region : regions) {
      draw -= inhabitants(region);
      if (draw < 0) {
        return region;
      }
    }
    return regions.getLast();
  }
}
