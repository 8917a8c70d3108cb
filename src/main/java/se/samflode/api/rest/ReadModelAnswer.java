package se.samflode.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.federation.Answer;
import se.samflode.federation.Item;
import se.samflode.federation.ItemOrder;
import se.samflode.federation.Outcome;
import se.samflode.producer.Producer;
import se.samflode.readmodel.Kind;
import se.samflode.readmodel.ReadModelItem;

/** An answer as JSON. Its parts are told in contracts/openapi/samflode-v1.yaml. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"asOf", "next", "complete", "coveredFrom", "items", "sources"})
record ReadModelAnswer(
    OffsetDateTime asOf,
    @Nullable String next,
    boolean complete,
    @Nullable OffsetDateTime coveredFrom,
    List<ReadModelItem> items,
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
    "leftOut",
    "morePages",
    "messages"
  })
  record Source(
      String logicalAddress,
      @Nullable String producer,
      @Nullable String name,
      String outcome,
      @Nullable String reason,
      @Nullable OffsetDateTime asOf,
      int items,
      @Nullable Integer leftOut,
      @Nullable Boolean morePages,
      @Nullable List<String> messages) {

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
                fragment.shown(),
                fragment.leftOut(true),
                fragment.nextPages().isEmpty() ? null : true,
                told(fragment.messages()));
        case Outcome.Failed(var from, var asked, var reason, var messages) ->
            new Source(
                address, id, name, "FAILED", reason.code(), null, 0, null, null, told(messages));
      };
    }

    private static @Nullable List<String> told(List<String> messages) {
      return messages.isEmpty() ? null : messages;
    }
  }

  /** The page of an answer that a query asks for. */
  static ReadModelAnswer of(Kind kind, Answer answer, ReadModelQuery query) {
    ItemOrder order = kind.newestFirst() ? ItemOrder.NEWEST_FIRST : ItemOrder.OLDEST_FIRST;
    List<Item> wanted =
        shown(answer, order).stream()
            .filter(query::covers)
            .filter(item -> query.after() == null || query.after().isBefore(item, order))
            .toList();
    List<Item> page = wanted.subList(0, Math.min(query.limit(), wanted.size()));
    return new ReadModelAnswer(
        time(answer.asOf()),
        page.size() < wanted.size() ? Cursor.behind(page.getLast()).text() : null,
        answer.complete(),
        kind == Kind.BOOKINGS ? time(coveredFrom(answer, query)) : null,
        page.stream().map(Item::model).filter(Objects::nonNull).toList(),
        answer.outcomes().stream().map(Source::of).toList());
  }

  /** Each record once: two addresses may give the same record of one source system. */
  private static Collection<Item> shown(Answer answer, ItemOrder order) {
    Map<String, Item> byId = new LinkedHashMap<>();
    for (Item item : answer.items(order)) {
      if (item.model() != null) {
        byId.putIfAbsent(item.id(), item);
      }
    }
    return byId.values();
  }

  /** Only coming bookings are indexed, so nothing is promised about what was before. */
  private static Instant coveredFrom(Answer answer, ReadModelQuery query) {
    Instant from = query.from();
    return from != null && from.isAfter(answer.asOf()) ? from : answer.asOf();
  }

  private static OffsetDateTime time(Instant instant) {
    return SwedishTime.at(instant.truncatedTo(ChronoUnit.SECONDS));
  }
}
