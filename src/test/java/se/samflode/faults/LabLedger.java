package se.samflode.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.mockregions.LabSample;

/**
 * What a lab has had acknowledged, and what must stand for it. The lab knows the order in which its
 * versions came into being; it pushes them in another, and some twice. Thread-safe.
 */
final class LabLedger {

  private static final Instant FIRST = Instant.parse("2026-11-20T10:00:00Z");

  private final Map<String, History> records = new ConcurrentHashMap<>();
  private final AtomicInteger acknowledged = new AtomicInteger();

  /** One answer of the lab. */
  static final class History {

    private final List<LabSample> inTruth;
    private final List<LabSample> toPush;

    /** Those acknowledged, in the order of that. */
    private final List<LabSample> pushed = new ArrayList<>();

    private boolean unsure;

    private History(List<LabSample> inTruth, List<LabSample> toPush) {
      this.inTruth = inTruth;
      this.toPush = toPush;
    }

    /** In the order in which they are pushed; one may stand twice. */
    List<LabSample> toPush() {
      return toPush;
    }

    /** Says that a version is about to be pushed: until its acknowledgement nobody knows. */
    synchronized void push() {
      unsure = true;
    }

    /** The version of those acknowledged that must stand: rule 1 of docs/labs.md, then the last. */
    private synchronized LabSample standing() {
      List<LabSample> withdrawals = pushed.stream().filter(LabSample::withdraws).toList();
      return inTruth.stream()
          .filter(pushed::contains)
          .filter(version -> withdrawals.stream().allMatch(w -> isIssuedAfter(w, version)))
          .reduce((a, b) -> b)
          .or(() -> withdrawals.stream().max(Comparator.comparingInt(inTruth::indexOf)))
          .orElseThrow();
    }

    private boolean isIssuedAfter(LabSample withdrawal, LabSample version) {
      return pushed.indexOf(version) > pushed.indexOf(withdrawal)
          && inTruth.indexOf(version) > inTruth.indexOf(withdrawal);
    }

    synchronized boolean mustBeGone() {
      return !unsure && !pushed.isEmpty() && standing().withdraws();
    }

    /** The version that residents must be shown; none if it is not sure, or withdrawn. */
    private synchronized Optional<LabSample> mustBeShown() {
      return unsure || pushed.isEmpty() || standing().withdraws()
          ? Optional.empty()
          : Optional.of(standing());
    }

    private synchronized void acknowledged(LabSample sample) {
      if (!pushed.contains(sample)) {
        pushed.add(sample);
      }
      unsure = false;
    }

    private synchronized int versions() {
      return pushed.size();
    }
  }

  /** A new answer with 1 to 5 versions. */
  History begin(String resident, String record, Random random) {
    List<LabSample> inTruth = new ArrayList<>();
    int versions = 1 + random.nextInt(5);
    for (int i = 0; i < versions; i++) {
      boolean withdrawn = !inTruth.isEmpty() && inTruth.getLast().withdraws();
      String status = "final";
      if (i > 0 && !withdrawn) {
        status = random.nextInt(3) == 0 ? "entered-in-error" : "corrected";
      }
      inTruth.add(
          new LabSample(
              resident,
              record,
              (3 + random.nextInt(6)) + "." + i,
              status,
              FIRST.plusSeconds(60L * i)));
    }
    List<LabSample> toPush = new ArrayList<>(inTruth);
    if (random.nextInt(3) == 0) {
      Collections.shuffle(toPush, random);
    }
    toPush.add(toPush.get(random.nextInt(toPush.size())));
    History history = new History(inTruth, toPush);
    records.put(record, history);
    return history;
  }

  void acknowledged(History history, LabSample sample) {
    history.acknowledged(sample);
    acknowledged.incrementAndGet();
  }

  int acknowledged() {
    return acknowledged.get();
  }

  int records() {
    return records.size();
  }

  /** Records that nobody may be shown now. */
  Set<String> gone() {
    Set<String> gone = new HashSet<>();
    records.forEach((record, history) -> {
      if (history.mustBeGone()) {
        gone.add(record);
      }
    });
    return gone;
  }

  /** Values of the records that a resident must be shown now, by the lab's ids of them. */
  Map<String, String> standing(String resident) {
    Map<String, String> standing = new HashMap<>();
    records.forEach((record, history) ->
        history
            .mustBeShown()
            .filter(sample -> sample.resident().equals(resident))
            .ifPresent(sample -> standing.put(record, sample.value())));
    return standing;
  }

  private record Row(String recordId, int versions, boolean withdrawn, String content) {}

  /** Fails unless each answer is there once, with all its versions, as the one that must stand. */
  void check(JdbcClient database) {
    List<@Nullable Row> rows =
        database
            .sql(
                """
                SELECT r.record_id, r.versions, r.withdrawn, v.content
                  FROM lab_record r JOIN lab_version v USING (source_system, record_id, version)
                """)
            .query(Row.class)
            .list();
    Set<String> found = new HashSet<>();
    for (Row row : rows.stream().filter(Objects::nonNull).toList()) {
      History history = records.get(row.recordId());
      assertThat(history).as("a record that nobody pushed").isNotNull();
      if (history != null && !history.pushed.isEmpty()) {
        found.add(row.recordId());
        assertThat(row.versions()).as(row.recordId()).isEqualTo(history.versions());
        LabSample standing = history.standing();
        assertThat(row.withdrawn()).as(row.recordId()).isEqualTo(standing.withdraws());
        assertThat(row.content()).as(row.recordId()).contains("\"" + standing.value() + "\"");
      }
    }
    Collection<String> missing = new HashSet<>(records.keySet());
    missing.removeIf(record -> {
      History history = records.get(record);
      return history == null || history.pushed.isEmpty();
    });
    missing.removeAll(found);
    assertThat(missing).as("acknowledged and not there").isEmpty();
  }
}
