package se.samflode.api.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;
import se.samflode.contract.SwedishTime;
import se.samflode.federation.Answer;
import se.samflode.federation.Answer.Piece;
import se.samflode.federation.Answering;
import se.samflode.federation.Fragment;
import se.samflode.federation.Item;
import se.samflode.federation.ItemOrder;
import se.samflode.federation.Outcome;
import se.samflode.readmodel.DisplayText;
import se.samflode.readmodel.Kind;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes an answer as JSON; items are bytes already. Its parts are told in
 * contracts/openapi/samflode-v1.yaml.
 */
final class ReadModelAnswer {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int USUAL_BYTES = 8 * 1024;

  private final Answer answer;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
  private final JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out);

  private ReadModelAnswer(Answer answer) {
    this.answer = answer;
  }

  /** The page of an answer that a query asks for, UTF-8. */
  static byte[] bytes(Kind kind, Answer answer, ReadModelQuery query) {
    try {
      ReadModelAnswer writer = new ReadModelAnswer(answer);
      writer.write(kind, query);
      return writer.out.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("an answer could not be written to memory", e);
    }
  }

  private void write(Kind kind, ReadModelQuery query) throws IOException {
    ItemOrder order = kind.newestFirst() ? ItemOrder.NEWEST_FIRST : ItemOrder.OLDEST_FIRST;
    List<Piece> wanted =
        shown(order).stream()
            .filter(piece -> query.covers(piece.item()))
            .filter(piece -> query.after() == null || query.after().isBefore(piece.item(), order))
            .toList();
    List<Piece> page = wanted.subList(0, Math.min(query.limit(), wanted.size()));
    json.writeStartObject();
    time("asOf", answer.asOf());
    if (page.size() < wanted.size()) {
      json.writeStringProperty("next", Cursor.behind(page.getLast().item()).text());
    }
    json.writeBooleanProperty("complete", answer.complete());
    if (kind == Kind.BOOKINGS) {
      time("coveredFrom", coveredFrom(query));
    }
    items(page);
    json.writeArrayPropertyStart("sources");
    for (Outcome outcome : answer.outcomes()) {
      source(outcome);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.close();
  }

  private void items(List<Piece> page) throws IOException {
    json.writeArrayPropertyStart("items");
    boolean first = true;
    for (Piece piece : page) {
      if (!first) {
        json.writeRaw(',');
      }
      first = false;
      json.flush();
      piece.item().writeJson(out, piece.now());
    }
    json.writeEndArray();
  }

  private void source(Outcome outcome) {
    Answering producer = outcome.producer();
    json.writeStartObject();
    json.writeStringProperty("logicalAddress", outcome.from().value());
    if (producer != null) {
      json.writeStringProperty("producer", producer.id());
      json.writeStringProperty("name", producer.name());
    }
    switch (outcome) {
      case Outcome.Live live -> {
        json.writeStringProperty("outcome", "LIVE");
        shown(live.fragment());
      }
      case Outcome.Cached cached -> {
        json.writeStringProperty("outcome", "CACHED");
        shown(cached.fragment());
      }
      case Outcome.Stale stale -> {
        json.writeStringProperty("outcome", "STALE");
        reason(stale.reason());
        shown(stale.fragment());
      }
      case Outcome.Failed failed -> {
        json.writeStringProperty("outcome", "FAILED");
        reason(failed.reason());
        time("lastSuccess", failed.lastSuccess());
        json.writeNumberProperty("items", 0);
      }
    }
    messages(outcome.messages());
    json.writeEndObject();
  }

  private void reason(Reason reason) {
    json.writeStringProperty("reason", reason.code());
  }

  private void shown(Fragment fragment) {
    time("asOf", fragment.fetchedAt());
    json.writeNumberProperty("items", fragment.shown());
    json.writeNumberProperty("leftOut", fragment.leftOut(true));
    if (!fragment.nextPages().isEmpty()) {
      json.writeBooleanProperty("morePages", true);
    }
  }

  private void messages(List<String> messages) {
    List<String> shown =
        messages.stream().map(DisplayText::clean).filter(text -> !text.isEmpty()).toList();
    if (shown.isEmpty()) {
      return;
    }
    json.writeArrayPropertyStart("messages");
    shown.forEach(json::writeString);
    json.writeEndArray();
  }

  private void time(String name, @Nullable Instant time) {
    if (time != null) {
      json.writeStringProperty(
          name,
          DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
              SwedishTime.at(time.truncatedTo(ChronoUnit.SECONDS))));
    }
  }

  /**
   * Each record once: two addresses may give the same record of one source system. What was fetched
   * last counts; all that was fetched for this answer is equally new, so that pages agree. A record
   * that something equally new or newer says is not to be shown is not shown at all.
   */
  private List<Piece> shown(ItemOrder order) {
    List<Piece> all = answer.items(order);
    Map<String, Piece> last = HashMap.newHashMap(all.size());
    Map<String, Instant> hidden = new HashMap<>();
    for (Piece piece : all) {
      Item item = piece.item();
      last.merge(item.id(), piece, (a, b) -> isNewer(b.fetchedAt(), a.fetchedAt()) ? b : a);
      if (item.isHidden()) {
        hidden.merge(item.record(), piece.fetchedAt(), (a, b) -> b.isAfter(a) ? b : a);
      }
    }
    return all.stream()
        .filter(piece -> piece.item().isShown() && piece.equals(last.get(piece.item().id())))
        .filter(piece -> {
          Instant since = hidden.get(piece.item().record());
          return since == null || isNewer(piece.fetchedAt(), since);
        })
        .toList();
  }

  private boolean isNewer(Instant fetched, Instant other) {
    return fetched.isAfter(other) && other.isBefore(answer.asOf().truncatedTo(ChronoUnit.MILLIS));
  }

  /** Only coming bookings are indexed, so nothing is promised about what was before. */
  private Instant coveredFrom(ReadModelQuery query) {
    Instant from = query.from();
    return from != null && from.isAfter(answer.asOf()) ? from : answer.asOf();
  }
}
