package se.samflode.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.testing.KafkaPeer.Read;
import tools.jackson.databind.json.JsonMapper;

/** Changes as somebody has read them from Kafka, held against the change feed. */
public final class PublishedChanges {

  private PublishedChanges() {}

  /**
   * Fails unless every change of the feed has been read, and those of each engagement for the first
   * time in their order. Some may have been read again.
   */
  public static void areWholeAndInOrder(JdbcClient database, List<Read> read) {
    Map<String, List<Long>> feed = new HashMap<>();
    database
        .sql("SELECT encode(id, 'hex') AS id, position FROM change ORDER BY bucket, position")
        .query(row -> {
          feed.computeIfAbsent(row.getString("id"), id -> new ArrayList<>())
              .add(row.getLong("position"));
        });
    Map<String, List<Long>> first = new HashMap<>();
    for (Read one : read) {
      List<Long> positions =
          first.computeIfAbsent(String.valueOf(one.key()), key -> new ArrayList<>());
      long position = JsonMapper.shared().readTree(one.value()).path("position").asLong();
      if (!positions.contains(position)) {
        positions.add(position);
      }
    }
    assertThat(first).isEqualTo(feed);
  }
}
