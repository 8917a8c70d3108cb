package se.samflode.mockregions;

import static se.samflode.mockregions.Soap.timestamp;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.springframework.core.io.FileSystemResource;
import se.samflode.config.YamlFiles;
import se.samflode.mockregions.RecordContracts.Contract;
import se.samflode.mockregions.RegionsFile.Place;
import se.samflode.mockregions.RegionsFile.RecordSystem;
import se.samflode.mockregions.RegionsFile.Region;

/**
 * Makes what the journal and lab systems hold. It draws from chance of its own, so that residents
 * and bookings are the same with and without it. For one use, by one thread.
 */
final class RecordGenerator {

  /** The kind that other records of the same resident and region refer to. */
  private static final String CONTACT = "care-contact";

  private static final int DAYS_BACK = 700;

  private final RandomGenerator random;
  private final LocalDate startDay;
  private final RecordContracts contracts = RecordContracts.read();
  private final Content content =
      YamlFiles.read(
          new FileSystemResource(MockRegions.FOLDER.resolve("content.yaml")), Content.class);
  private final List<RecordFact> records = new ArrayList<>();
  private final Map<String, List<RecordFact>> contacts = new HashMap<>();
  private final Map<String, Integer> lastId = new HashMap<>();

  /** What {@code content.yaml} says. */
  record Content(List<Map<String, Object>> authors, Map<String, List<Map<String, Object>>> kinds) {}

  RecordGenerator(long seed, LocalDate startDay) {
    this.random = new SplittableRandom(seed);
    this.startDay = startDay;
  }

  List<RecordFact> records() {
    return List.copyOf(records);
  }

  /** Every entry of every kind once, dealt to the regions in turn. */
  void everything(Resident resident, List<Region> regions) {
    content.kinds().forEach((kind, says) -> deal(resident, kind, says.size(), 0, regions));
  }

  /** None to three of each kind. */
  void some(Resident resident, List<Region> regions) {
    content
        .kinds()
        .forEach((kind, says) ->
            deal(resident, kind, random.nextInt(4), random.nextInt(says.size()), regions));
  }

  /** Lab results only. */
  void laboratory(Resident resident, int count, Region region) {
    deal(resident, "laboratory", count, 0, List.of(region));
  }

  private void deal(Resident resident, String kind, int count, int first, List<Region> regions) {
    List<Map<String, Object>> says = content.kinds().getOrDefault(kind, List.of());
    for (int i = 0; i < count; i++) {
      Region region = regions.get(i % regions.size());
      RecordFact fact = fact(resident, kind, says.get((first + i) % says.size()), region);
      records.add(fact);
      if (kind.equals(CONTACT)) {
        contacts.computeIfAbsent(resident.id() + region.id(), r -> new ArrayList<>()).add(fact);
      }
    }
  }

  private RecordFact fact(Resident resident, String kind, Map<String, Object> says, Region region) {
    RecordSystem system = system(region, kind);
    String producer = region.id() + "-" + system.id();
    String id =
        system.id().substring(0, 1).toUpperCase(Locale.ROOT)
            + String.format(Locale.ROOT, "%06d", lastId.merge(producer, 1, Integer::sum));
    Map<String, Object> values = new HashMap<>(Map.of("approved", true, "referral", "R" + id));
    values.putAll(Texts.pick(content.authors(), random));
    values.put("authorId", "SE" + region.organisationNumber() + "-" + values.get("person"));
    LocalDateTime time =
        kind.equals(CONTACT) ? visit(region, values) : occasion(resident, region, values);
    LocalDateTime end = time.plusMinutes(20L * (1 + random.nextInt(6)));
    RecordContracts.Kind of = kind(kind);
    values.putAll(says);
    values.put("id", id);
    if (kind.equals(CONTACT)) {
      values.put("careContact", id);
    }
    values.put("resident", resident.id());
    values.put("residentType", resident.type());
    values.put("sourceSystem", system.hsaId());
    values.put("careGiver", "SE" + region.organisationNumber() + "-VG");
    values.put("time", timestamp(time));
    values.put("end", timestamp(end));
    return new RecordFact(
        kind,
        id,
        resident.id(),
        region.id(),
        producer,
        system.hsaId(),
        of.serviceDomain(),
        String.valueOf(values.getOrDefault("categorization", of.categorization())),
        time,
        end,
        values);
  }

  /** Where and when: at or soon after one of the resident's care contacts, if there are any. */
  private LocalDateTime occasion(Resident resident, Region region, Map<String, Object> values) {
    List<RecordFact> before = contacts.getOrDefault(resident.id() + region.id(), List.of());
    if (before.isEmpty()) {
      return visit(region, values);
    }
    RecordFact contact = Texts.pick(before, random);
    values.put("careContact", contact.id());
    values.put("careUnit", contact.values().getOrDefault("careUnit", ""));
    values.put("careUnitName", contact.values().getOrDefault("careUnitName", ""));
    return contact.time().plusDays(random.nextInt(4)).plusMinutes(random.nextInt(60));
  }

  private LocalDateTime visit(Region region, Map<String, Object> values) {
    Place place = Texts.pick(region.places(), random);
    values.put("careUnit", place.unit().hsaId());
    values.put("careUnitName", place.unit().name());
    return LocalDateTime.of(
        startDay.minusDays(10 + random.nextInt(DAYS_BACK)),
        LocalTime.of(8, 0).plusMinutes(20L * random.nextInt(25)));
  }

  private RecordContracts.Kind kind(String kind) {
    RecordContracts.Kind of = contracts.kinds().get(kind);
    if (of == null) {
      throw new IllegalStateException("contracts.yaml has no kind " + kind);
    }
    return of;
  }

  private RecordSystem system(Region region, String kind) {
    return region.recordSystems().stream()
        .filter(system -> contracts.of(system).stream().map(Contract::kind).anyMatch(kind::equals))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(region.id() + " has no system for " + kind));
  }
}
