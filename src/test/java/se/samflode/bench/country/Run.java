package se.samflode.bench.country;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.contract.SwedishTime;
import se.samflode.demo.DemoIssuer;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.Behaviour;
import se.samflode.mockregions.BookingFact;
import se.samflode.mockregions.Fault;
import se.samflode.testing.IndexClient;
import se.samflode.testing.IndexClient.Row;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plays the events of a country to the running system, one after the other, but for questions that
 * come while another is being answered, and judges every answer. Each event has a second of its
 * own, in which both clocks stand still. For one use, by one thread.
 */
final class Run {

  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  private static final Duration TOKEN_LIFE = DemoIssuer.LIFE;
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_IN_UPDATE = 1_000;
  private static final int MOST_TOLD = 20;
  private static final long AT_ONCE = 400;
  private static final long LONG_AGO = Long.MIN_VALUE / 2;
  private static final List<Fault> FAULTS =
      List.of(Fault.HTTP_500, Fault.SOAP_FAULT, Fault.RESET, Fault.MALFORMED);

  private final SimulatedSystem system;
  private final Country country;
  private final Rules rules;
  private final Instant start;
  private final Collection<SimulatedSystem.Seen> seen;
  private final List<String> identities;
  private final List<Held> held = new ArrayList<>();
  private final Map<Integer, Token> tokens = new HashMap<>();
  private final Map<Integer, Long> fetched = new HashMap<>();
  private final Set<String> down = new HashSet<>();
  private final RandomGenerator random = new SplittableRandom(4);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final IndexClient index;
  private final Result result = new Result();
  private long second;

  private record Token(String text, Instant madeAt) {}

  /** What came of a run. */
  static final class Result {
    long questions;

    /** Addresses in answers: without us each is a call. */
    long reads;

    long calls;
    long changes;
    final Map<String, Long> outcomes = new TreeMap<>();
    final Map<Rules.Broken, Long> broken = new TreeMap<>();

    /** Of answers for which nobody was called, and of the others, nanoseconds. */
    final List<Long> warm = new ArrayList<>();

    final List<Long> cold = new ArrayList<>();

    /** Shown though the region had another by then, within the rules. */
    long older;

    /** When a producer had first proven that it indexes, by its id. */
    final Map<String, Duration> proven = new TreeMap<>();

    /** What is in memory at the end. */
    String kept = "";

    double shed() {
      return 1 - (double) calls / reads;
    }

    /** The share of the sources that were told as this. */
    double share(String outcome) {
      return (double)
              outcomes.entrySet().stream()
                  .filter(one -> one.getKey().startsWith(outcome))
                  .mapToLong(Map.Entry::getValue)
                  .sum()
          / reads;
    }

    /** Failed though the producer answered. */
    long needless() {
      return broken.getOrDefault(Rules.Broken.FAILED_WITHOUT_NEED, 0L);
    }

    long misleading() {
      return broken.entrySet().stream()
          .filter(one -> one.getKey().misleading())
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
  }

  /**
   * Nothing has happened yet.
   *
   * @param patterns a booking of each care unit, by its address
   * @param seen what was seen of producers before
   */
  Run(
      SimulatedSystem system,
      Country country,
      Map<String, BookingFact> patterns,
      Rules rules,
      Instant start,
      Collection<SimulatedSystem.Seen> seen) {
    this.system = system;
    this.country = country;
    this.rules = rules;
    this.start = start;
    this.seen = List.copyOf(seen);
    this.identities =
        system.regions().strangers(country.residents().size()).stream()
            .map(resident -> resident.id())
            .toList();
    this.index = new IndexClient(system.uri(), DemoSystem.INDEX, Duration.ofSeconds(60));
    long days = country.events().getLast().at() / Country.DAY;
    LocalDateTime after = LocalDateTime.ofInstant(start, SwedishTime.ZONE).plusDays(days + 60);
    for (Fragment fragment : country.fragments()) {
      BookingFact pattern = patterns.get(fragment.place().address());
      if (pattern == null) {
        throw new IllegalStateException("no pattern of " + fragment.place());
      }
      held.add(
          new Held(
              system.regions(),
              fragment.number(),
              identities.get(fragment.resident()),
              pattern,
              after));
    }
  }

  /** Fills the index, then plays all events. */
  Result play() throws IOException, InterruptedException, SQLException {
    fill();
    system.saw(seen);
    system.regions().clearCalls();
    List<Event> events = country.events();
    int next = 0;
    while (next < events.size()) {
      Event event = events.get(next);
      second = Math.max(second + 1, start.getEpochSecond() + event.at() / 1_000);
      system.clock().set(Instant.ofEpochSecond(second));
      system.catchUp();
      if (event instanceof Event.Ask ask) {
        List<Event.Ask> atOnce = atOnce(ask, events, next);
        ask(atOnce);
        next += atOnce.size();
      } else {
        meet(event);
        next++;
      }
    }
    result.calls =
        system.regions().calls().values().stream()
            .flatMap(calls -> calls.values().stream())
            .mapToLong(Long::longValue)
            .sum();
    result.kept = system.kept();
    return result;
  }

  private void fill() throws IOException, InterruptedException, SQLException {
    second = start.getEpochSecond() - Duration.ofHours(2).toSeconds();
    system.clock().set(Instant.ofEpochSecond(second));
    List<Row> rows = new ArrayList<>();
    for (Held one : held) {
      rows.addAll(one.begin(second, random));
    }
    for (int from = 0; from < rows.size(); from += MOST_IN_UPDATE) {
      update(index.adding(rows.subList(from, Math.min(from + MOST_IN_UPDATE, rows.size()))));
    }
  }

  private void update(String envelope) throws IOException, InterruptedException {
    assertThat(IndexClient.acknowledges(index.send("Update", envelope))).isTrue();
  }

  private void meet(Event event) throws IOException, InterruptedException {
    switch (event) {
      case Event.Ask ask -> throw new IllegalArgumentException("asked, not met");
      case Event.Commit(var at, var fragment) -> {
        held.get(fragment.number()).commit(second, fragment.place().habit(), random);
        result.changes++;
      }
      case Event.Indexed(var at, var fragment, var empty) ->
          update(
              held.get(fragment.number())
                  .tell(second, fragment.place().habit(), empty, index, random));
      case Event.Down(var at, var producer) -> {
        down.add(producer);
        Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
        behave(producer, new Behaviour(0, fault));
      }
      case Event.Up(var at, var producer) -> {
        down.remove(producer);
        behave(producer, new Behaviour(0, null));
      }
    }
  }

  private void behave(String producer, Behaviour behaviour) {
    int hyphen = producer.lastIndexOf('-');
    system
        .regions()
        .setBehaviour(producer.substring(0, hyphen), producer.substring(hyphen + 1), behaviour);
  }

  /** A question, and those of the same resident that come while it is being answered. */
  private static List<Event.Ask> atOnce(Event.Ask first, List<Event> events, int from) {
    List<Event.Ask> atOnce = new ArrayList<>();
    for (Event event : events.subList(from, events.size())) {
      if (event instanceof Event.Ask ask
          && ask.resident().equals(first.resident())
          && ask.at() - first.at() < AT_ONCE) {
        atOnce.add(ask);
      } else {
        break;
      }
    }
    return atOnce;
  }

  private void ask(List<Event.Ask> atOnce) {
    Set<String> proven = proven();
    List<CompletableFuture<Answered>> answers = new ArrayList<>();
    for (Event.Ask ask : atOnce) {
      long begun = System.nanoTime();
      answers.add(
          http.sendAsync(request(ask), BodyHandlers.ofByteArray())
              .thenApply(response -> answered(response, System.nanoTime() - begun)));
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).join();
    // The schedule goes on beside: what was proven before or is so now may have been so meanwhile.
    proven.addAll(proven());
    for (int i = 0; i < atOnce.size(); i++) {
      judge(atOnce.get(i), answers.get(i).join(), proven);
    }
  }

  private Set<String> proven() {
    Set<String> proven = system.proven();
    Duration since = Duration.ofSeconds(second - start.getEpochSecond());
    proven.forEach(producer -> result.proven.putIfAbsent(producer, since));
    return proven;
  }

  private HttpRequest request(Event.Ask ask) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(system.uri() + "/api/v1/bookings?limit=100"))
            .timeout(Duration.ofSeconds(40))
            .header("Prefer", "wait=20")
            .header("Authorization", "Bearer " + token(ask.resident().number()));
    if (ask.afterOwnChange()) {
      request.header("Read-Your-Writes", "true");
    }
    return request.build();
  }

  private static Answered answered(HttpResponse<byte[]> response, long nanos) {
    assertThat(response.statusCode()).isEqualTo(200);
    return Answered.of(JSON.readTree(response.body()), nanos);
  }

  private String token(int resident) {
    Instant now = Instant.ofEpochSecond(second);
    Token known = tokens.get(resident);
    if (known == null || known.madeAt().plus(TOKEN_LIFE).isBefore(now.plusSeconds(60))) {
      known =
          new Token(
              system
                  .issuer()
                  .token(system.issuer().claims(identities.get(resident), system.clock())),
              now);
      tokens.put(resident, known);
    }
    return known.text();
  }

  private void judge(Event.Ask ask, Answered answered, Set<String> proven) {
    result.questions++;
    Map<String, Fragment> asked =
        ask.resident().of(ask.content()).stream()
            .collect(Collectors.toMap(one -> one.place().address(), one -> one));
    Set<String> answering =
        answered.sources().stream().map(Answered.Source::address).collect(Collectors.toSet());
    if (!answering.equals(asked.keySet()) || answered.sources().size() != asked.size()) {
      broken(Rules.Broken.OTHER_SOURCES, ask);
    }
    boolean whole = true;
    boolean called = false;
    for (Answered.Source source : answered.sources()) {
      Fragment fragment = asked.get(source.address());
      if (fragment == null) {
        continue;
      }
      Held has = held.get(fragment.number());
      boolean failing = down.contains(fragment.place().producer());
      rules
          .broken(
              source,
              has,
              fragment,
              second,
              failing,
              ask.afterOwnChange(),
              fetched.getOrDefault(fragment.number(), LONG_AGO),
              proven.contains(fragment.place().producer()))
          .forEach(one -> broken(one, ask));
      whole &= source.outcome().equals("LIVE") || source.outcome().equals("CACHED");
      called |= !source.outcome().equals("CACHED");
      result.reads++;
      String reason = source.reason() == null ? "" : ", " + source.reason();
      result.outcomes.merge(source.outcome() + reason, 1L, Long::sum);
      if (source.asOf() != null) {
        fetched.put(fragment.number(), source.asOf().getEpochSecond());
      }
      if (source.asOf() != null && !has.had(source.slots(), second, second)) {
        result.older++;
      }
    }
    if (whole != answered.complete()) {
      broken(Rules.Broken.WRONGLY_COMPLETE, ask);
    }
    if (!asked.isEmpty()) {
      (called ? result.cold : result.warm).add(answered.nanos());
    }
  }

  private void broken(Rules.Broken rule, Event.Ask ask) {
    if (result.broken.merge(rule, 1L, Long::sum) <= MOST_TOLD) {
      LOG.warn(
          "{}: resident {} of the sample, {} s after the start",
          rule,
          ask.resident().number(),
          second - start.getEpochSecond());
    }
  }
}
