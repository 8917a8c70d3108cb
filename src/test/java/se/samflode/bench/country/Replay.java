package se.samflode.bench.country;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Runs a country's events past one cache, offline, and counts what becomes of every fragment that
 * is read. The rules are those of the engine: version compared at every read, settling, maxAge,
 * STALE. For one use, by one thread.
 */
final class Replay {

  static final Duration SETTLING = Duration.ofSeconds(60);
  static final Duration MAX_STALE = Duration.ofHours(24);

  /** How long a call takes: who asks meanwhile joins it. */
  private static final long FLIGHT = 400;

  private static final long SAMPLED_EVERY = Country.DAY / 4;

  /**
   * Which cache.
   *
   * @param maxAge of proven producers
   * @param allKnowing whether it knows every change at once instead, forgets nothing and needs no
   *     maxAge
   * @param capacity fragments at most; the least recently used goes first
   */
  record Policy(Duration maxAge, boolean allKnowing, int capacity) {

    static final Policy ALL_KNOWING = new Policy(Duration.ZERO, true, Integer.MAX_VALUE);

    static Policy of(Duration maxAge) {
      return new Policy(maxAge, false, Integer.MAX_VALUE);
    }
  }

  /** What became of what was read after the warm-up. */
  static final class Tally {
    /** Fragments read: without us, each is a call. */
    long reads;

    /** Calls to producers, those to verify among them. */
    long calls;

    long live;
    long cached;
    long joined;
    long stale;
    long failed;
    long verified;

    /** Shown though the producer had another by then that the index did not tell of yet. */
    long older;

    /** Read while the producer was down. */
    long down;

    private long samples;
    private long alive;
    private long aliveBytes;

    double shed() {
      return 1 - (double) calls / reads;
    }

    /** Fragments in memory, mean over time. */
    double alive() {
      return (double) alive / samples;
    }

    /** Bytes of them, mean over time. */
    double aliveBytes() {
      return (double) aliveBytes / samples;
    }
  }

  private final Country country;
  private final Assumptions assumptions;
  private final Policy policy;
  private final long warmUp;
  private final SplittableRandom random = new SplittableRandom(1);
  private final Set<String> down = new HashSet<>();
  private final Tally tally = new Tally();

  // By number of the fragment.
  private final int[] content;
  private final int[] version;
  private final long[] changedAt;
  private final long[] fetchedAt;
  private final int[] fetchedContent;
  private final int[] fetchedVersion;
  private final long[] keptUntil;
  private final long[] staleUntil;
  private final Map<Integer, Boolean> recentlyUsed = new LinkedHashMap<>(16, 0.75f, true);

  private Replay(Country country, Assumptions assumptions, Policy policy, long warmUp) {
    this.country = country;
    this.assumptions = assumptions;
    this.policy = policy;
    this.warmUp = warmUp;
    int count = country.fragments().size();
    content = new int[count];
    version = new int[count];
    changedAt = new long[count];
    fetchedAt = new long[count];
    fetchedContent = new int[count];
    fetchedVersion = new int[count];
    keptUntil = new long[count];
    staleUntil = new long[count];
    Arrays.fill(changedAt, Long.MIN_VALUE / 2);
    Arrays.fill(fetchedAt, -1);
  }

  /**
   * Replays all events.
   *
   * @param warmUp what happens earlier fills the cache and is not counted, milliseconds
   */
  static Tally run(Country country, Assumptions assumptions, Policy policy, long warmUp) {
    Replay replay = new Replay(country, assumptions, policy, warmUp);
    long sampleAt = warmUp;
    for (Event event : country.events()) {
      for (; sampleAt <= event.at(); sampleAt += SAMPLED_EVERY) {
        replay.sample(sampleAt);
      }
      replay.meet(event);
    }
    return replay.tally;
  }

  private void meet(Event event) {
    switch (event) {
      case Event.Ask ask ->
          ask.resident().of(ask.content()).forEach(fragment -> read(ask, fragment));
      case Event.Commit(var at, var fragment) -> content[fragment.number()]++;
      case Event.Indexed(var at, var fragment, var empty) ->
          country
              .residents()
              .get(fragment.resident())
              .versionedWith(fragment)
              .forEach(one -> {
                version[one.number()]++;
                changedAt[one.number()] = at;
              });
      case Event.Down(var at, var producer) -> down.add(producer);
      case Event.Up(var at, var producer) -> down.remove(producer);
    }
  }

  private void read(Event.Ask ask, Fragment fragment) {
    int number = fragment.number();
    long at = ask.at();
    boolean counts = at >= warmUp;
    boolean kept = fetchedAt[number] >= 0 && !ask.afterOwnChange();
    boolean unchanged = kept && fetchedVersion[number] == version[number];
    boolean hit =
        policy.allKnowing()
            ? kept && fetchedContent[number] == content[number]
            : unchanged && at < keptUntil[number];
    boolean join = !hit && unchanged && at - fetchedAt[number] < FLIGHT && !policy.allKnowing();
    boolean failing = down.contains(fragment.place().producer());
    boolean stale = failing && !hit && unchanged && at < staleUntil[number];
    boolean verified =
        hit && !policy.allKnowing() && random.nextDouble() < assumptions.get(Assumption.VERIFIED);
    if (counts) {
      tally.reads++;
      tally.down += failing ? 1 : 0;
      tally.calls += hit || join ? 0 : 1;
      tally.calls += verified ? 1 : 0;
      tally.verified += verified ? 1 : 0;
      tally.cached += hit ? 1 : 0;
      tally.joined += join ? 1 : 0;
      tally.stale += stale ? 1 : 0;
      tally.failed += failing && !hit && !join && !stale ? 1 : 0;
      tally.live += !failing && !hit && !join ? 1 : 0;
      tally.older += (hit || stale) && fetchedContent[number] != content[number] ? 1 : 0;
    }
    if (!hit && !join && !failing) {
      keep(number, fragment, at);
    }
    use(number);
  }

  private void keep(int number, Fragment fragment, long at) {
    fetchedAt[number] = at;
    fetchedContent[number] = content[number];
    fetchedVersion[number] = version[number];
    Duration age = policy.maxAge();
    Duration unproven = fragment.content().unprovenAge();
    if (fragment.place().habit() == Place.Habit.SILENT && unproven.compareTo(age) < 0) {
      age = unproven;
    }
    long settled = changedAt[number] + SETTLING.toMillis();
    boolean settling = at < settled;
    keptUntil[number] = at + age.toMillis();
    staleUntil[number] = keptUntil[number] + MAX_STALE.toMillis();
    if (settling) {
      keptUntil[number] = Math.min(keptUntil[number], settled);
      staleUntil[number] = keptUntil[number];
    }
  }

  private void use(int number) {
    if (policy.capacity() == Integer.MAX_VALUE || fetchedAt[number] < 0) {
      return;
    }
    recentlyUsed.put(number, true);
    if (recentlyUsed.size() > policy.capacity()) {
      Iterator<Integer> eldest = recentlyUsed.keySet().iterator();
      fetchedAt[eldest.next()] = -1;
      eldest.remove();
    }
  }

  private void sample(long now) {
    tally.samples++;
    for (Fragment fragment : country.fragments()) {
      int number = fragment.number();
      if (fetchedAt[number] >= 0 && (policy.allKnowing() || now < staleUntil[number])) {
        tally.alive++;
        tally.aliveBytes +=
            fragment.content().bytes() + (long) assumptions.get(Assumption.OVERHEAD);
      }
    }
  }
}
