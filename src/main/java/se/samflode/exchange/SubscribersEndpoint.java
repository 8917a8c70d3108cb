package se.samflode.exchange;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.stereotype.Component;
import se.samflode.exchange.Subscribers.Configured;
import se.samflode.identity.LogicalAddress;

/** The operator's view of subscribers, on the management port. Thread-safe. */
@Component
@Endpoint(id = "subscribers")
final class SubscribersEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(SubscribersEndpoint.class);
  private static final int BAD_REQUEST = 400;

  private final Subscribers subscribers;
  private final SubscriberStates states;

  SubscribersEndpoint(Subscribers subscribers, SubscriberStates states) {
    this.subscribers = subscribers;
    this.states = states;
  }

  /**
   * One subscriber as the operator sees it; see {@link SubscriberState} for what is not told here.
   *
   * @param address its logical address in upper case
   * @param configured {@code file}, {@code register}, or {@code no}: then it is not told
   * @param url where it is told
   * @param filters what it wants; empty for everything
   */
  record Shown(
      String address,
      String configured,
      @Nullable String url,
      List<Subscriber.Filter> filters,
      @Nullable Instant firstSeen,
      @Nullable Instant lastDelivery,
      @Nullable Instant lastFailure,
      @Nullable String lastFailureReason,
      long behind,
      @Nullable Instant oldest,
      long deadLetters,
      @Nullable Instant seedAnewSince) {}

  /** All subscribers, those that are no longer configured too. */
  @ReadOperation
  List<Shown> all() {
    Map<String, Configured> configured = subscribers.current();
    Map<String, SubscriberState> known =
        states.all().stream()
            .collect(Collectors.toMap(SubscriberState::address, Function.identity()));
    Set<String> keys = new TreeSet<>(known.keySet());
    keys.addAll(configured.keySet());
    List<Shown> shown = new ArrayList<>();
    keys.forEach(key -> shown.add(shown(key, configured.get(key), known.get(key))));
    return shown;
  }

  /**
   * Does what the operator asks for.
   *
   * @param action {@code resend}, {@code seeded} or {@code forget}
   * @param begun for {@code seeded} only, where it is required: when the seeding began, ISO 8601
   */
  @WriteOperation
  WebEndpointResponse<Map<String, Object>> act(
      @Selector String address, String action, @Nullable String begun) {
    String key = new LogicalAddress(address).folded();
    if (states.all().stream().noneMatch(state -> state.address().equals(key))) {
      return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
    }
    return switch (action) {
      case "resend" -> done(key, action, states.askToResend(key));
      case "seeded" -> seeded(key, begun);
      case "forget" -> {
        if (subscribers.current().containsKey(key)) {
          yield problem("a subscriber that is configured is not forgotten");
        }
        yield done(key, action, states.forget(key));
      }
      default -> problem("action must be resend, seeded or forget");
    };
  }

  private WebEndpointResponse<Map<String, Object>> seeded(String key, @Nullable String begun) {
    Instant from;
    try {
      from = OffsetDateTime.parse(begun == null ? "" : begun).toInstant();
    } catch (DateTimeParseException e) {
      return problem(
          "seeded needs the time at which the seeding began, such as"
              + " {\"action\":\"seeded\",\"begun\":\"2026-11-30T06:00:00Z\"}");
    }
    return states.seeded(key, from)
        ? done(key, "seeded", 0)
        : problem(
            "begun must be later than the subscriber's seedAnewSince, and not to come: what was"
                + " lost after the seeding began is not in it; seed it once more");
  }

  private static WebEndpointResponse<Map<String, Object>> done(
      String key, String action, int deadLetters) {
    LOG.atInfo()
        .addKeyValue("event", "subscriber.operator-asked")
        .addKeyValue("subscriber", key)
        .addKeyValue("action", action)
        .addKeyValue("deadLetters", deadLetters)
        .log("the operator has asked something of a subscriber");
    return new WebEndpointResponse<>(Map.of("action", action, "deadLetters", deadLetters));
  }

  private static WebEndpointResponse<Map<String, Object>> problem(String text) {
    return new WebEndpointResponse<>(Map.of("problem", text), BAD_REQUEST);
  }

  private static Shown shown(
      String key, @Nullable Configured configured, @Nullable SubscriberState state) {
    String from = configured == null ? "no" : configured.source().code();
    Subscriber subscriber = configured == null ? null : configured.subscriber();
    String url = subscriber == null ? null : subscriber.url().toString();
    List<Subscriber.Filter> filters = subscriber == null ? List.of() : subscriber.filters();
    if (state == null) {
      return new Shown(key, from, url, filters, null, null, null, null, 0, null, 0, null);
    }
    return new Shown(
        key,
        from,
        url,
        filters,
        state.firstSeen(),
        state.lastDelivery(),
        state.lastFailure(),
        state.lastFailureReason(),
        state.behind(),
        state.oldest(),
        state.deadLetters(),
        state.seedAnewSince());
  }
}
