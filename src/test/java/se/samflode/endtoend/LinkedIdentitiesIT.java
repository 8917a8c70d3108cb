package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.mockregions.BookingFact;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;

/** One person whom regions know by two identities. */
class LinkedIdentitiesIT {

  private final HttpCaller caller = new HttpCaller();
  private final String older = Residents.whoShows("in three regions that all answer");
  private final String newer = Residents.whoShows("in seven regions that all answer");
  private final JdbcClient database =
      JdbcClient.create(RunningSystem.get().application().getBean(DataSource.class));

  @AfterEach
  void unlink() {
    database.sql("DELETE FROM identity_link WHERE identity = :id").param("id", older).update();
  }

  @Test
  void asksEachSourceWithTheIdentityThatItKnows() {
    // given
    List<BookingFact> facts = new ArrayList<>(Residents.bookings(older));
    facts.addAll(Residents.bookings(newer));
    database
        .sql("INSERT INTO identity_link (identity, linked_to, person) VALUES (:old, :new, :new)")
        .param("old", older)
        .param("new", newer)
        .update();

    for (String resident : List.of(older, newer)) {
      // when
      JsonNode answer = caller.bookings(resident, "?limit=200", "Prefer", "wait=10");

      // then
      List<String> ids = new ArrayList<>();
      answer.path("items").forEach(item -> ids.add(item.path("bookingId").asString()));
      assertThat(answer.path("complete").asBoolean()).isTrue();
      assertThat(ids)
          .containsExactlyInAnyOrderElementsOf(facts.stream().map(BookingFact::bookingId).toList());
      assertThat(answer.toString()).doesNotContain(older, newer);
    }
  }
}
