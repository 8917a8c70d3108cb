package se.samflode.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.federation.Answer;
import se.samflode.federation.Item;
import se.samflode.federation.Outcome;
import se.samflode.producer.Producer;
import se.samflode.readmodel.Booking;

/** An answer as JSON. Its parts are told in contracts/openapi/samflode-v1.yaml. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"asOf", "next", "complete", "coveredFrom", "items", "sources"})
record BookingsAnswer(
    OffsetDateTime asOf,
    @Nullable String next,
    boolean complete,
    OffsetDateTime coveredFrom,
    List<Booking> items,
    List<Source> sources) {

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({
    "logicalAddress",
    "producer",
    "name",
    "outcome",
    "reason",
    "asOf",
    "items",
    "leftOut"
  })
  record Source(
      String logicalAddress,
      @Nullable String producer,
      @Nullable String name,
      String outcome,
      @Nullable String reason,
      @Nullable OffsetDateTime asOf,
      int items,
      @Nullable Integer leftOut) {

    static Source of(Outcome outcome) {
      String address = outcome.from().value();
      Producer producer = outcome.producer();
      String id = producer == null ? null : producer.id();
      String name = producer == null ? null : producer.name();
      return switch (outcome) {
        case Outcome.Live(var from, var asked, var fragment) ->
            new Source(
                address,
                id,
                name,
                "LIVE",
                null,
                time(fragment.fetchedAt()),
                fragment.items().size(),
                fragment.leftOut());
        case Outcome.Failed(var from, var asked, var reason) ->
            new Source(address, id, name, "FAILED", reason.code(), null, 0, null);
      };
    }
  }

  /** The page of an answer that a query asks for. */
  static BookingsAnswer of(Answer answer, BookingsQuery query) {
    List<Item> wanted =
        answer.items().stream()
            .filter(query::covers)
            .filter(item -> query.after() == null || query.after().isBefore(item))
            .toList();
    List<Item> page = wanted.subList(0, Math.min(query.limit(), wanted.size()));
    Instant from = query.from();
    return new BookingsAnswer(
        time(answer.asOf()),
        page.size() < wanted.size() ? Cursor.behind(page.getLast()).text() : null,
        answer.complete(),
        // Only coming bookings are indexed, so nothing is promised about what was before.
        time(from != null && from.isAfter(answer.asOf()) ? from : answer.asOf()),
        page.stream().map(Item::booking).toList(),
        answer.outcomes().stream().map(Source::of).toList());
  }

  private static OffsetDateTime time(Instant instant) {
    return SwedishTime.at(instant.truncatedTo(ChronoUnit.SECONDS));
  }
}
