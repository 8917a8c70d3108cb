package se.samflode.exchange;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import se.samflode.contract.Reason;
import se.samflode.exchange.Leases.Lease;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The subscribers that the register of services names. What it answered last stands in the
 * database: it stays in force while the register does not answer, on every node and after a
 * restart. Asked by one node at a time. Thread-safe.
 */
@Component
class SubscriberRegister {

  private static final Logger LOG = LoggerFactory.getLogger(SubscriberRegister.class);
  private static final String LEASE = "subscriber-register";
  private static final Duration LONGER_THAN_A_CALL = SoapCalls.LONGEST.plusSeconds(13);
  private static final Duration RETRY = Duration.ofMinutes(1);
  private static final TypeReference<List<Registered>> LIST = new TypeReference<>() {};

  private static final String READ =
      """
      SELECT read_at, CAST(subscribers AS text) AS subscribers FROM register_answer\
      """;

  private static final String WRITE =
      """
      INSERT INTO register_answer (read_at, subscribers)
      VALUES (clock_timestamp(), CAST(:subscribers AS jsonb))
          ON CONFLICT (one)
          DO UPDATE SET read_at = EXCLUDED.read_at, subscribers = EXCLUDED.subscribers\
      """;

  private final RegisterSettings settings;
  private final SoapCalls calls;
  private final Leases leases;
  private final JdbcClient database;
  private final Clock clock;
  private final JsonMapper json = new JsonMapper();
  private volatile Answer inForce = new Answer(Instant.EPOCH, List.of());
  private volatile Instant nextTry = Instant.EPOCH;

  SubscriberRegister(
      RegisterSettings settings, SoapCalls calls, Leases leases, JdbcClient database, Clock clock) {
    this.settings = settings;
    this.calls = calls;
    this.leases = leases;
    this.database = database;
    this.clock = clock;
  }

  /**
   * A subscriber as the register has it.
   *
   * @param address its logical address
   * @param filters what it wants; empty for everything
   */
  record Registered(String address, List<Subscriber.Filter> filters) {}

  private record Answer(Instant readAt, List<Registered> subscribers) {}

  /** The subscribers in force; none where no register is configured. */
  List<Subscriber> subscribers() {
    URI notifyUrl = settings.notifyUrl();
    if (settings.url() == null || notifyUrl == null) {
      return List.of();
    }
    return inForce.subscribers().stream()
        .map(
            r -> new Subscriber(r.address(), notifyUrl, settings.bundleFor(notifyUrl), r.filters()))
        .toList();
  }

  /** Brings into force what any node has read last. */
  void load() {
    database
        .sql(READ)
        .query((row, number) ->
            new Answer(
                row.getObject("read_at", OffsetDateTime.class).toInstant(),
                json.readValue(row.getString("subscribers"), LIST)))
        .optional()
        .ifPresent(answer -> inForce = answer);
  }

  /** Asks the register if it is time to and no other node does. Takes up to 17 s. */
  void keep() {
    URI url = settings.url();
    if (url == null) {
      return;
    }
    load();
    Instant now = clock.instant();
    boolean due = !now.isBefore(inForce.readAt().plus(settings.refreshInterval()));
    if (due && !now.isBefore(nextTry)) {
      leases
          .take(LEASE, LONGER_THAN_A_CALL)
          .ifPresent(lease -> {
            refresh(url, lease);
            leases.release(LEASE);
          });
    }
  }

  private void refresh(URI url, Lease lease) {
    SoapCall call =
        new SoapCall(
            "read-subscribers",
            url,
            settings.bundleFor(url),
            text(settings.logicalAddress()),
            UUID.randomUUID().toString(),
            RegisterXml.request(text(settings.consumerHsaId())));
    switch (calls.call(call, RegisterXml::answer)) {
      case SoapResult.Answered<List<Registered>>(List<Registered> answer) ->
          takeOver(answer, lease);
      case SoapResult.Failed<List<Registered>>(Reason reason) -> {
        nextTry = clock.instant().plus(RETRY);
        LOG.atWarn()
            .addKeyValue("event", "subscriber.register-failed")
            .addKeyValue("reason", reason.code())
            .log("the register does not answer; those it named last are told on");
      }
    }
  }

  private void takeOver(List<Registered> answer, Lease lease) {
    List<Registered> usable = answer.stream().filter(SubscriberRegister::isUsable).toList();
    String subscribers = json.writeValueAsString(usable);
    boolean ours =
        leases.whileHeld(
            lease, () -> database.sql(WRITE).param("subscribers", subscribers).update());
    load();
    if (!ours) {
      return;
    }
    LOG.atInfo()
        .addKeyValue("event", "subscriber.register-read")
        .addKeyValue("subscribers", usable.size())
        .log("the register has named the subscribers");
  }

  /** One that is not must not take the others with it. */
  private static boolean isUsable(Registered subscriber) {
    boolean usable = subscriber.filters().size() <= Subscriber.MAX_FILTERS;
    if (!usable) {
      LOG.atWarn()
          .addKeyValue("event", "subscriber.register-left-out")
          .addKeyValue("subscriber", subscriber.address())
          .addKeyValue("filters", subscriber.filters().size())
          .log("a subscriber has more filters in the register than can be used and is not told");
    }
    return usable;
  }

  private static String text(@Nullable String setting) {
    return setting == null ? "" : setting;
  }
}
