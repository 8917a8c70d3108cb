package se.samflode.exchange;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import se.samflode.index.IndexDatabase;
import se.samflode.index.IndexUnavailable;

/**
 * How far each partition of senders' updates has been stored. A node that has lost a partition
 * without knowing it may come back with records that another has stored since, and newer ones after
 * them: those must not be stored over the newer. Thread-safe.
 */
@Component
@WithKafka
class StoredOffsets implements DisposableBean {

  private static final String RAISE =
      """
      INSERT INTO stored_offset AS s (topic_id, topic, partition, last_offset)
      VALUES (:topicId, :topic, :partition, :offset)
          ON CONFLICT (topic_id, partition)
          DO UPDATE SET last_offset = EXCLUDED.last_offset
             WHERE s.last_offset < EXCLUDED.last_offset\
      """;

  private final IndexDatabase database;
  private final KafkaClients clients;
  private @Nullable Admin admin;

  StoredOffsets(IndexDatabase database, KafkaClients clients) {
    this.database = database;
    this.clients = clients;
  }

  /** Where a record stands. */
  record Place(String topic, int partition, long offset) {}

  /**
   * Does work in one transaction with the note that the record has been stored, unless it, or a
   * later one of its partition, has been.
   *
   * @return whether it was done
   * @throws IndexUnavailable if the database gives no answer in time; then nothing is done
   * @throws KafkaException if the broker does not answer; then nothing is done
   */
  boolean once(Place place, Runnable work) {
    String topicId = topicId(place.topic());
    return database.inTransaction(
        "update",
        () -> {
          boolean first =
              database
                      .changes()
                      .sql(RAISE)
                      .param("topicId", topicId)
                      .param("topic", place.topic())
                      .param("partition", place.partition())
                      .param("offset", place.offset())
                      .update()
                  > 0;
          if (first) {
            work.run();
          }
          return first;
        });
  }

  /** Asked for each record: the topic may have been made anew since the last. */
  private String topicId(String topic) {
    try {
      return admin()
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .values()
          .iterator()
          .next()
          .topicId()
          .toString();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e); // sets the interrupt
    }
  }

  private synchronized Admin admin() {
    Admin made = admin;
    if (made == null) {
      made = clients.admin();
      admin = made;
    }
    return made;
  }

  @Override
  public synchronized void destroy() {
    if (admin != null) {
      admin.close();
    }
  }
}
