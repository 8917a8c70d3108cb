package se.samflode.bench.country;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a resident was shown.
 *
 * @param complete what the answer says of itself
 * @param nanos how long it took
 */
record Answered(boolean complete, List<Source> sources, long nanos) {

  /**
   * One asked address in an answer.
   *
   * @param asOf absent in a failed one
   * @param actionable whether it tells what may be done with a booking
   */
  record Source(
      String address,
      String outcome,
      @Nullable String reason,
      @Nullable Instant asOf,
      Set<Slot> slots,
      boolean actionable) {}

  static Answered of(JsonNode json, long nanos) {
    Map<String, Set<Slot>> slots = new HashMap<>();
    Set<String> actionable = new HashSet<>();
    for (JsonNode item : json.path("items")) {
      String source = item.path("source").asString();
      slots
          .computeIfAbsent(source, s -> new HashSet<>())
          .add(
              new Slot(
                  item.path("bookingId").asString(),
                  OffsetDateTime.parse(item.path("start").asString()).toInstant()));
      if (item.hasNonNull("cancellable")
          || item.hasNonNull("rebookable")
          || item.hasNonNull("messageable")) {
        actionable.add(source);
      }
    }
    List<Source> sources = new ArrayList<>();
    for (JsonNode source : json.path("sources")) {
      String address = source.path("logicalAddress").asString();
      sources.add(
          new Source(
              address,
              source.path("outcome").asString(),
              source.path("reason").asString(null),
              source.hasNonNull("asOf")
                  ? OffsetDateTime.parse(source.path("asOf").asString()).toInstant()
                  : null,
              Set.copyOf(slots.getOrDefault(address, Set.of())),
              actionable.contains(address)));
    }
    return new Answered(json.path("complete").asBoolean(), sources, nanos);
  }
}
