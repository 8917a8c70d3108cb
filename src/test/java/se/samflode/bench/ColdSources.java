package se.samflode.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.MockRegions;
import se.samflode.mockregions.Resident;

/**
 * Residents who all have laboratory results in the same systems. Immutable; prints itself without
 * them.
 *
 * @param residents twelve characters each
 * @param addresses of the systems, as {@link StubProducer} reads them
 * @param items that every system has about each of the residents
 */
record ColdSources(List<String> residents, List<String> addresses, int items) {

  private static final String INDEXED =
      """
      INSERT INTO engagement
             (id, resident, service_domain, categorization, logical_address,
              business_object_instance_identifier, clinical_process_interest_id,
              most_recent_content, source_system, data_controller, owner, creation_time)
      SELECT sha256(convert_to(resident || address, 'UTF8')), resident,
             'riv:clinicalprocess:healthcond:actoutcome', 'und-kkm-ure', address,
             'document-1', 'NA', '2026-11-03 10:15', address, 'SE5565594230', :owner, now()
        FROM unnest(:residents) AS resident CROSS JOIN unnest(:addresses) AS address\
      """;
  private static final String VERSIONS =
      """
      INSERT INTO version (resident, service_domain, address, version, changed_at)
      SELECT resident, 'riv:clinicalprocess:healthcond:actoutcome', upper(address), 1, now()
        FROM unnest(:residents) AS resident CROSS JOIN unnest(:addresses) AS address\
      """;

  ColdSources {
    residents = List.copyOf(residents);
    addresses = List.copyOf(addresses);
  }

  /** Residents whom tokens can be about: of the published test series, of age. */
  static List<String> publishedResidents() {
    MockRegions.Settings settings =
        new MockRegions.Settings(1, LocalDate.now(ZoneId.of("Europe/Stockholm")), false);
    try (MockRegions regions = MockRegions.start(settings)) {
      return regions.residents().stream()
          .filter(resident -> resident.kind() == Resident.Kind.PERSONNUMMER)
          .map(Resident::id)
          .filter(id -> Integer.parseInt(id.substring(0, 4)) < 2000)
          .limit(100)
          .toList();
    }
  }

  /** Systems whose answers are looked at as the registry's default says. */
  static ColdSources of(List<String> residents, int producers, int items) {
    return new ColdSources(residents, addresses("P", producers, items), items);
  }

  /** Systems with one item each whose answers are not validated. */
  static ColdSources withoutValidation(List<String> residents, int producers) {
    return new ColdSources(residents, addresses("OFF", producers, 1), 1);
  }

  private static List<String> addresses(String name, int producers, int items) {
    return IntStream.rangeClosed(1, producers)
        .mapToObj(n -> String.format(Locale.ROOT, "SE5565594230-%d-%s%02d", items, name, n))
        .toList();
  }

  /** Residents that no real person can be. */
  static List<String> invented(int group) {
    return IntStream.range(0, 100)
        .mapToObj(n -> String.format(Locale.ROOT, "R%02d%09d", group, n))
        .toList();
  }

  /** Has the index know of them. */
  void index(JdbcClient database) {
    database
        .sql(INDEXED)
        .param("residents", texts(residents))
        .param("addresses", texts(addresses))
        .param("owner", DemoSystem.INDEX)
        .update();
    database
        .sql(VERSIONS)
        .param("residents", texts(residents))
        .param("addresses", texts(addresses))
        .update();
  }

  private static SqlArrayValue texts(List<String> texts) {
    return new SqlArrayValue("text", texts.toArray());
  }

  /** Writes the registry of all systems, which one stub answers for. */
  static Path registry(Path folder, Stream<ColdSources> all, int stub) throws IOException {
    String producers =
        all.flatMap(sources -> sources.addresses.stream())
            .distinct()
            .map(address -> producer(address, stub))
            .collect(Collectors.joining());
    return Files.writeString(folder.resolve("producers.yaml"), "producers:\n" + producers);
  }

  private static String producer(String address, int stub) {
    return """
      - id: %1$s
        region: bench
        name: Laboratory
        url: http://localhost:%2$d/%3$s
        dialect: rivtabp21
        addresses: [%3$s]
        contracts: [GetLaboratoryOrderOutcome 3]
        timeouts: { connect: 2s, call: 15s }
        limits: { callsInFlight: 1000, callsPerSecond: 10000 }
        validation: { GetLaboratoryOrderOutcome 3: %4$s }
    """
        .formatted(
            address.toLowerCase(Locale.ROOT),
            stub,
            address,
            address.contains("-OFF") ? "off" : "report");
  }

  @Override
  public String toString() {
    return "ColdSources[" + addresses.size() + " with " + items + "]";
  }
}
