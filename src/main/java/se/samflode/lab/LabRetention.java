package se.samflode.lab;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
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

  private final LabKeeping keeping;
  private final Senders senders;
  private final LabSettings settings;
  private final IndexDatabase database;
  private final Clock clock;

  LabRetention(
      DataSource dataSource,
      Senders senders,
      LabSettings settings,
      IndexDatabase database,
      Clock clock) {
    this.keeping = new LabKeeping(dataSource);
    this.senders = senders;
    this.settings = settings;
    this.database = database;
    this.clock = clock;
  }

  @Scheduled(initialDelay = 5, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
  void forget() {
    Instant now = clock.instant();
    try {
      for (Controller controller : senders.controllers()) {
        long forgotten = keeping.forgetOlderThan(controller.id(), controller.retention(), now);
        if (forgotten > 0) {
          LOG.atInfo()
              .addKeyValue("event", "lab.forgotten")
              .addKeyValue("controller", controller.id())
              .addKeyValue("answers", forgotten)
              .log("answers that are older than their controller's retention are gone");
        }
      }
      delete(REJECTIONS, now, settings.rejectedKept());
      delete(MESSAGES, now, MESSAGE_IDS);
    } catch (DataAccessException | TransactionException e) {
      LOG.atWarn()
          .addKeyValue("event", "lab.not-forgotten")
          .addKeyValue("error", e.getClass().getSimpleName())
          .log("what labs sent long ago could not be forgotten now");
    }
  }

  private void delete(String some, Instant now, Duration kept) {
    OffsetDateTime before = now.minus(kept).atOffset(ZoneOffset.UTC);
    int gone;
    do {
      gone = database.changes().sql(some).param("before", before).update();
    } while (gone > 0);
  }
}
