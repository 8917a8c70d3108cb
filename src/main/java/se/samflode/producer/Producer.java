package se.samflode.producer;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Contract;
import se.samflode.contract.Validation;

/**
 * One endpoint of a region, as the registry file tells. Immutable.
 *
 * @param id unique, lower-case letters, digits and hyphens, 1 to 40 characters; stands in routes,
 *     metrics and answers
 * @param region the region's id, in the same form
 * @param name for people, such as "Region Skåne, tidbok"
 * @param url where it listens, http or https, without query and fragment
 * @param dialect how it speaks
 * @param addresses logical addresses it answers for; a parent answers for its children; {@code *}
 *     answers for what no other producer does
 * @param contracts names of the contracts it answers
 * @param timeouts how long a call may take
 * @param limits how much it may be asked
 * @param sslBundle for https: the name of the SSL bundle ({@code spring.ssl.bundle}) with our
 *     client certificate and the trust store; {@code null} for http
 * @param validation by contract: what becomes of items that break its schema; REPORT for those that
 *     are not named
 * @param breaker when it is left alone for a while
 * @param maintenance when it cannot be asked
 * @param perConsumer whether it answers differently per consumer (the original one), so that what
 *     it answered one is not shown to another; not if absent
 */
public record Producer(
    String id,
    String region,
    String name,
    URI url,
    Dialect dialect,
    List<String> addresses,
    List<String> contracts,
    Timeouts timeouts,
    Limits limits,
    @Nullable String sslBundle,
    Map<String, Validation> validation,
    Breaker breaker,
    Maintenance maintenance,
    Boolean perConsumer) {

  /** The address that stands for all that no other producer answers for. */
  public static final String EVERYTHING_ELSE = "*";

  private static final String ID = "[a-z0-9][a-z0-9-]{0,39}";

  /** How a producer speaks. */
  public enum Dialect {
    /** SOAP 1.1 after RIV-TA Basic Profile 2.1. */
    RIVTABP21
  }

  /**
   * How long a call may take.
   *
   * @param connect until the connection stands, 100 ms to 10 s; 2 s if absent
   * @param read how long nothing may come on the connection, 100 ms to 25 s; 25 s if absent, so
   *     that only the call's own end counts
   * @param call until the answer has been read to its end, 500 ms to 25 s; {@code null} where the
   *     contract's descriptor says
   */
  public record Timeouts(Duration connect, Duration read, @Nullable Duration call) {

    /** The longest that any producer's call may take. */
    public static final Duration LONGEST_CALL = Duration.ofSeconds(25);

    /** What holds for a producer whose entry names no timeouts. */
    public static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(2), LONGEST_CALL, null);

    /**
     * Checks ranges and fills in what is absent.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    @SuppressWarnings("ConstantValue") // the file may leave a value out
    public Timeouts {
      connect = connect == null ? Duration.ofSeconds(2) : connect;
      read = read == null ? LONGEST_CALL : read;
      require(
          connect.toMillis() >= 100 && connect.toSeconds() <= 10,
          "timeouts.connect must be 100ms to 10s");
      require(
          read.toMillis() >= 100 && read.compareTo(LONGEST_CALL) <= 0,
          "timeouts.read must be 100ms to 25s");
      require(
          call == null || (call.toMillis() >= 500 && call.compareTo(LONGEST_CALL) <= 0),
          "timeouts.call must be 500ms to 25s");
      require(
          call == null || connect.compareTo(call) < 0,
          "timeouts.connect must be shorter than timeouts.call");
    }
  }

  /**
   * How much a producer may be asked. A call beyond its limits gets the reason {@code limited}: at
   * once where as many already wait as may be in flight, else after a second without a permit.
   *
   * @param callsInFlight calls at the same time, 1 to 1,000; 20 if absent
   * @param callsPerSecond calls begun in a second, 1 to 10,000; 100 if absent
   */
  public record Limits(Integer callsInFlight, Integer callsPerSecond) {

    /** What holds for a producer whose entry names no limits. */
    static final Limits DEFAULT = new Limits(20, 100);

    /**
     * Checks ranges and fills in what is absent.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    @SuppressWarnings("ConstantValue") // the file may leave a value out
    public Limits {
      callsInFlight = callsInFlight == null ? 20 : callsInFlight;
      callsPerSecond = callsPerSecond == null ? 100 : callsPerSecond;
      require(
          callsInFlight >= 1 && callsInFlight <= 1000, "limits.callsInFlight must be 1 to 1000");
      require(
          callsPerSecond >= 1 && callsPerSecond <= 10_000,
          "limits.callsPerSecond must be 1 to 10000");
    }
  }

  /**
   * When a producer is left alone: of the calls that ended within the window, too many failed or
   * were slow. Then calls get the reason {@code circuit-open} at once until {@code openFor} has
   * passed; a few are let through on trial, and decide by the same shares.
   *
   * @param failureRate percent of calls that failed, 1 to 100; 50 if absent
   * @param slowCall a call that takes longer is slow, 100 ms to 25 s; 10 s if absent
   * @param slowRate percent of calls that were slow, 1 to 100; 80 if absent
   * @param calls fewest calls that a share is told of, 2 to 1,000; 10 if absent
   * @param window how far back calls count, 1 s to 10 min, whole seconds; 60 s if absent
   * @param openFor how long it is left alone, 100 ms to 5 min; 10 s if absent
   * @param trials calls that are let through after that, 1 to 100; 3 if absent
   */
  public record Breaker(
      Integer failureRate,
      Duration slowCall,
      Integer slowRate,
      Integer calls,
      Duration window,
      Duration openFor,
      Integer trials) {

    /** What holds for a producer whose entry names no breaker. */
    static final Breaker DEFAULT =
        new Breaker(
            50, Duration.ofSeconds(10), 80, 10, Duration.ofSeconds(60), Duration.ofSeconds(10), 3);

    /**
     * Checks ranges and fills in what is absent.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    @SuppressWarnings("ConstantValue") // the file may leave a value out
    public Breaker {
      failureRate = failureRate == null ? 50 : failureRate;
      slowCall = slowCall == null ? Duration.ofSeconds(10) : slowCall;
      slowRate = slowRate == null ? 80 : slowRate;
      calls = calls == null ? 10 : calls;
      window = window == null ? Duration.ofSeconds(60) : window;
      openFor = openFor == null ? Duration.ofSeconds(10) : openFor;
      trials = trials == null ? 3 : trials;
      require(failureRate >= 1 && failureRate <= 100, "breaker.failureRate must be 1 to 100");
      require(
          slowCall.toMillis() >= 100 && slowCall.compareTo(Timeouts.LONGEST_CALL) <= 0,
          "breaker.slowCall must be 100ms to 25s");
      require(slowRate >= 1 && slowRate <= 100, "breaker.slowRate must be 1 to 100");
      require(calls >= 2 && calls <= 1000, "breaker.calls must be 2 to 1000");
      require(
          window.toSeconds() >= 1 && window.toSeconds() <= 600 && window.toMillisPart() == 0,
          "breaker.window must be 1s to 10m, in whole seconds");
      require(
          openFor.toMillis() >= 100 && openFor.toSeconds() <= 300,
          "breaker.openFor must be 100ms to 5m");
      require(trials >= 1 && trials <= 100, "breaker.trials must be 1 to 100");
    }
  }

  /**
   * Checks the entry by itself and fills in what is absent.
   *
   * @throws IllegalArgumentException if a value is missing or out of its range; the text says which
   */
  @SuppressWarnings("ConstantValue") // the file may leave a value out
  public Producer {
    require(id != null && id.matches(ID), "producers[].id must match " + ID);
    String who = "producer " + id + ": ";
    require(region != null && region.matches(ID), who + "region must match " + ID);
    require(name != null && !name.isBlank() && name.length() <= 100, who + "name is missing");
    require(
        url != null
            && url.getHost() != null
            && url.getUserInfo() == null
            && url.getRawQuery() == null
            && url.getRawFragment() == null
            && ("http".equals(url.getScheme()) || "https".equals(url.getScheme())),
        who + "url must be http://host/path or https://host/path, without user, query or fragment");
    require(dialect != null, who + "dialect is missing; it is rivtabp21");
    require(addresses != null && !addresses.isEmpty(), who + "addresses is empty");
    require(
        addresses.stream().allMatch(a -> !a.isBlank() && a.length() <= 64 && a.equals(a.strip())),
        who + "an address has 1 to 64 characters without blanks around it");
    require(contracts != null && !contracts.isEmpty(), who + "contracts is empty");
    require(
        "https".equals(url.getScheme()) == (sslBundle != null),
        who + "https needs sslBundle, the name of a spring.ssl.bundle; http has none");
    addresses = List.copyOf(addresses);
    contracts = List.copyOf(contracts);
    timeouts = timeouts == null ? Timeouts.DEFAULT : timeouts;
    limits = limits == null ? Limits.DEFAULT : limits;
    validation = validation == null ? Map.of() : Map.copyOf(validation);
    breaker = breaker == null ? Breaker.DEFAULT : breaker;
    maintenance = maintenance == null ? Maintenance.NONE : maintenance;
    perConsumer = perConsumer != null && perConsumer;
    require(
        contracts.containsAll(validation.keySet()),
        who + "validation names a contract that is not among its contracts");
  }

  /** How long a call of a contract may take. */
  Duration callTimeout(Contract contract) {
    Duration own = timeouts.call();
    return own == null ? contract.timeouts().call() : own;
  }

  /** What becomes of items of a contract that break its schema. */
  public Validation validation(Contract contract) {
    return validation.getOrDefault(contract.name(), Validation.REPORT);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
