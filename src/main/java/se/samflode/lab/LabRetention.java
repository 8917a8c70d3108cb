package se.samflode.lab;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import se.samflode.access.Controller;
import se.samflode.access.Senders;
import se.samflode.index.IndexDatabase;

/**
 * Forgets what is older than its controller's retention, rejected messages and ids of messages. On
 * every node, since it does no harm twice. What belongs to a controller that is not listed stays.
 */
@Component
class LabRetention {

  private static final Logger LOG = LoggerFactory.getLogger(LabRetention.class);

  /** A message that is sent again later than this is judged by its content alone. */
  private static final Duration MESSAGE_IDS = Duration.ofDays(30);

  /** What is being changed now is passed over. */
  private static final String ANSWERS =
      """
      DELETE FROM lab_record
       WHERE (source_system, record_id) IN
             (SELECT source_system, record_id
                FROM lab_record
               WHERE data_controller = :controller AND changed_at < :before
               ORDER BY changed_at
               LIMIT 100
                 FOR UPDATE SKIP LOCKED)\
      """;

  /** Some at a time: a message may have some MB. */
  private static final String REJECTIONS =
      """
      DELETE FROM lab_rejection
       WHERE id IN (SELECT id FROM lab_rejection WHERE rejected_at < :before LIMIT 100)\
      """;

  private static final String MESSAGES =
      """
      DELETE FROM lab_message
       WHERE (sender, message_id)
          IN (SELECT sender, message_id FROM lab_message WHERE received_at < :before LIMIT 10000)\
      """;

  private final Senders senders;
  private final LabSettings settings;
  private final IndexDatabase database;
  private final Clock clock;

  LabRetention(Senders senders, LabSettings settings, IndexDatabase database, Clock clock) {
    this.senders = senders;
    this.settings = settings;
    this.database = database;
    this.clock = clock;
  }

  @Scheduled(initialDelay = 5, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
  void forget() {
    Instant now = clock.instant();
    for (Controller controller : senders.controllers()) {
      long forgotten =
          delete(
              database.changes().sql(ANSWERS).param("controller", controller.id()),
              now.minus(controller.retention()));
      if (forgotten > 0) {
        LOG.atInfo()
            .addKeyValue("event", "lab.forgotten")
            .addKeyValue("controller", controller.id())
            .addKeyValue("answers", forgotten)
            .log("answers that are older than their controller's retention are gone");
      }
    }
    delete(database.changes().sql(REJECTIONS), now.minus(settings.rejectedKept()));
    delete(database.changes().sql(MESSAGES), now.minus(MESSAGE_IDS));
  }

  /** Some at a time until there are none; what fails leaves the rest of the work to be done. */
  private static long delete(StatementSpec some, Instant before) {
    long all = 0;
    try {
      int gone;
      do {
        gone = some.param("before", before.atOffset(ZoneOffset.UTC)).update();
        all += gone;
      } while (gone > 0);
    } catch (DataAccessException | TransactionException e) {
      LOG.atWarn()
          .addKeyValue("event", "lab.not-forgotten")
          .addKeyValue("error", e.getClass().getSimpleName())
          .log("what labs sent long ago could not be forgotten now");
    }
    return all;
  }
}
