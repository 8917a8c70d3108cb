package se.samflode.federation;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * How well producers tell the index of their changes, by comparing what was kept with what they
 * answer later. All nodes share what they have seen, and it outlives them. Thread-safe.
 *
 * <p>A producer has proven itself for a contract when the index told of at least 20 changes that
 * were seen, and of 99 in 100 of the last few hundred. It loses that in the same way.
 */
@Component
final class Fidelity {

  private static final Logger LOG = LoggerFactory.getLogger(Fidelity.class);

  /** Fewer changes prove nothing. */
  private static final int ENOUGH = 20;

  /** So many of a hundred changes must have been told. */
  private static final int TOLD_PERCENT = 99;

  /** When so many changes have been counted, all counts are halved: what is old weighs little. */
  private static final int MEMORY = 400;

  private static final String ADD =
      """
      INSERT INTO fidelity AS f (producer, contract, same, told, late, untold)
      VALUES (:producer, :contract, :same, :told, :late, :untold)
          ON CONFLICT (producer, contract)
          DO UPDATE SET same = f.same + EXCLUDED.same,
                        told = f.told + EXCLUDED.told,
                        late = f.late + EXCLUDED.late,
                        untold = f.untold + EXCLUDED.untold\
      """;

  private static final String FORGET =
      """
      UPDATE fidelity
         SET same = same / 2, told = told / 2, late = late / 2, untold = untold / 2
       WHERE told + late + untold > :memory\
      """;

  private static final String ALL =
      """
      SELECT producer, contract, same, told, late, untold FROM fidelity\
      """;

  private final JdbcClient database;
  private final MultiGauge shares;
  private final MultiGauge changes;
  private final Map<Subject, Map<Seen, Long>> unsaved = new HashMap<>();
  private volatile Map<Subject, Counts> known = Map.of();

  Fidelity(JdbcClient database, MeterRegistry metrics) {
    this.database = database;
    this.shares =
        MultiGauge.builder("samflode.fidelity")
            .description("Share of a producer's changes that the index told of, 0 to 1")
            .register(metrics);
    this.changes =
        MultiGauge.builder("samflode.fidelity.changes")
            .description("Changes of a producer's content that were seen, the old ones forgotten")
            .register(metrics);
  }

  /** What a comparison has shown. */
  enum Seen {
    /** No change. */
    SAME,
    /** A change of which the index had told. */
    TOLD,
    /** A change of which the index told within minutes. */
    LATE,
    /** A change of which the index did not tell. */
    UNTOLD
  }

  /**
   * What has been seen of a producer. Immutable.
   *
   * @param same comparisons that showed no change
   * @param told changes of which the index had told
   * @param late changes of which it told within minutes
   * @param untold changes of which it did not tell
   */
  record Counts(long same, long told, long late, long untold) {

    static final Counts NONE = new Counts(0, 0, 0, 0);

    long changes() {
      return told + late + untold;
    }

    /** The share of changes that were told, 0 to 1; 1 if none was seen. */
    double share() {
      return changes() == 0 ? 1 : (double) (told + late) / changes();
    }

    boolean proven() {
      return changes() >= ENOUGH && (told + late) * 100 >= changes() * TOLD_PERCENT;
    }
  }

  /** A row. */
  private record Stored(
      String producer, String contract, long same, long told, long late, long untold) {}

  private record Subject(String producer, String contract) {}

  /** Whether a producer has proven that it indexes its changes. */
  boolean isProven(String producer, String contract) {
    return counts(producer, contract).proven();
  }

  /** What all nodes have seen of a producer, as of the last minute. */
  Counts counts(String producer, String contract) {
    return known.getOrDefault(new Subject(producer, contract), Counts.NONE);
  }

  /** Counts what a comparison has shown. */
  synchronized void saw(Seen seen, String producer, String contract) {
    unsaved
        .computeIfAbsent(new Subject(producer, contract), s -> new EnumMap<>(Seen.class))
        .merge(seen, 1L, Long::sum);
  }

  private synchronized Map<Subject, Map<Seen, Long>> takeUnsaved() {
    Map<Subject, Map<Seen, Long>> taken = new HashMap<>(unsaved);
    unsaved.clear();
    return taken;
  }

  private synchronized void putBack(Subject subject, Map<Seen, Long> counts) {
    counts.forEach((seen, count) ->
        unsaved
            .computeIfAbsent(subject, s -> new EnumMap<>(Seen.class))
            .merge(seen, count, Long::sum));
  }

  /** Shares what this node has seen, and learns what others have. */
  @Scheduled(initialDelay = 0, fixedDelay = 20, timeUnit = TimeUnit.SECONDS)
  void share() {
    Map<Subject, Map<Seen, Long>> left = takeUnsaved();
    try {
      if (!left.isEmpty()) {
        Iterator<Map.Entry<Subject, Map<Seen, Long>>> one = left.entrySet().iterator();
        while (one.hasNext()) {
          Map.Entry<Subject, Map<Seen, Long>> seen = one.next();
          save(seen.getKey(), seen.getValue());
          one.remove();
        }
        database.sql(FORGET).param("memory", MEMORY).update();
      }
      learn();
    } catch (DataAccessException e) {
      left.forEach(this::putBack);
      LOG.atWarn()
          .addKeyValue("event", "fidelity.unshared")
          .addKeyValue("error", e.getClass().getSimpleName())
          .log("what was seen of producers could not be shared and is kept for later");
    }
  }

  private void save(Subject subject, Map<Seen, Long> counts) {
    database
        .sql(ADD)
        .param("producer", subject.producer())
        .param("contract", subject.contract())
        .param("same", counts.getOrDefault(Seen.SAME, 0L))
        .param("told", counts.getOrDefault(Seen.TOLD, 0L))
        .param("late", counts.getOrDefault(Seen.LATE, 0L))
        .param("untold", counts.getOrDefault(Seen.UNTOLD, 0L))
        .update();
  }

  private void learn() {
    Map<Subject, Counts> learned = new HashMap<>();
    for (Stored stored : database.sql(ALL).query(Stored.class).list()) {
      Stored row = Objects.requireNonNull(stored);
      learned.put(
          new Subject(row.producer(), row.contract()),
          new Counts(row.same(), row.told(), row.late(), row.untold()));
    }
    learned.forEach(this::tellIfTurned);
    known = Map.copyOf(learned);
    shares.register(
        learned.entrySet().stream()
            .<Row<?>>map(e -> Row.of(tags(e.getKey()), e.getValue().share()))
            .toList(),
        true);
    changes.register(
        learned.entrySet().stream()
            .<Row<?>>map(e -> Row.of(tags(e.getKey()), e.getValue().changes()))
            .toList(),
        true);
  }

  private static Tags tags(Subject subject) {
    return Tags.of("producer", subject.producer(), "contract", subject.contract());
  }

  private void tellIfTurned(Subject subject, Counts now) {
    Counts before = known.getOrDefault(subject, Counts.NONE);
    if (before.proven() != now.proven()) {
      LOG.atInfo()
          .addKeyValue("event", now.proven() ? "fidelity.proven" : "fidelity.lost")
          .addKeyValue("producer", subject.producer())
          .addKeyValue("contract", subject.contract())
          .addKeyValue("changes", now.changes())
          .addKeyValue("untold", now.untold())
          .log(
              now.proven()
                  ? "a producer has proven that it indexes its changes; its answers live long"
                  : "a producer does not index all its changes; its answers live shortly");
    }
  }
}
