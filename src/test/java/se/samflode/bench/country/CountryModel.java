package se.samflode.bench.country;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.bench.country.Replay.Policy;
import se.samflode.bench.country.Replay.Tally;

/**
 * What keeping fragments can shed, on paper: a sample of the country runs past the rules of
 * freshness, without the application. Writes its tables to {@code target/country-model.md} and its
 * picture to {@code target/shedding.svg}. {@code -Dcountry.residents=}, and every {@link
 * Assumption} by its id. Docs: docs/benchmarks.md.
 */
class CountryModel {

  private static final Logger LOG = LoggerFactory.getLogger(CountryModel.class);

  private static final int RESIDENTS = Integer.getInteger("country.residents", 60_000);
  private static final int DAYS = 14;
  private static final int WARM_UP_DAYS = 28;
  private static final long SEED = 21;

  private static final List<Duration> AGES =
      List.of(
          Duration.ZERO,
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          Duration.ofHours(4),
          Duration.ofHours(12),
          Duration.ofHours(24),
          Duration.ofDays(7));

  private static final Duration DEFAULT = Duration.ofHours(12);
  private static final Duration LONGEST = Duration.ofDays(7);

  private final StringBuilder report = new StringBuilder("\n");

  /** A country that is watched for two weeks, after some that fill the cache. */
  private record Watched(String name, Country country, Assumptions assumptions, int warmUpDays) {

    static Watched of(
        String name,
        Assumptions assumptions,
        List<Content> contents,
        int warmUpDays,
        int residents) {
      return new Watched(
          name,
          Country.generate(
              assumptions,
              Country.inventedPlaces(assumptions, SEED),
              contents,
              residents,
              warmUpDays + DAYS,
              SEED),
          assumptions,
          warmUpDays);
    }

    Tally replay(Policy policy) {
      return Replay.run(country, assumptions, policy, warmUpDays * Country.DAY);
    }

    Tally replay(Duration maxAge) {
      return replay(Policy.of(maxAge));
    }

    double allKnowing() {
      return replay(Policy.ALL_KNOWING).shed();
    }
  }

  @Test
  void tellsWhatCanBeShed() throws IOException {
    Assumptions assumptions = Assumptions.standard();
    Assumptions proven = assumptions.with(Assumption.SILENT, 0);
    List<Content> all = List.of(Content.values());
    assumed(assumptions);
    Watched bookings =
        Watched.of(
            "only bookings, all index, from empty",
            proven,
            List.of(Content.BOOKINGS),
            0,
            RESIDENTS);
    Watched fromEmpty = Watched.of("all kinds, all index, from empty", proven, all, 0, RESIDENTS);
    Watched unproven =
        Watched.of("all kinds, as assumed, from empty", assumptions, all, 0, RESIDENTS);
    Watched warm =
        Watched.of("all kinds, as assumed, warm", assumptions, all, WARM_UP_DAYS, RESIDENTS);
    shares(List.of(bookings, fromEmpty, unproven, warm));
    calls(warm);
    memory(warm);
    sensitivity(assumptions);
    Files.writeString(Path.of("target", "country-model.md"), report);
    Files.writeString(
        Path.of("target", "shedding.svg"), picture(List.of(bookings, fromEmpty, warm)));
    LOG.info("{}", report);
  }

  private void assumed(Assumptions assumptions) {
    tell("| assumption | value | source |");
    tell("|---|---|---|");
    for (Assumption one : Assumption.values()) {
      tell(
          "| %s (`%s`) | %s | %s |",
          one.meaning(), one.id(), value(assumptions.get(one)), one.source());
    }
    tell("");
    tell(
        "| content | read for each log-in | addresses of a resident | changes a day and address |");
    tell("|---|---|---|---|");
    for (Content content : Content.values()) {
      double read = 0;
      for (Page page : Page.values()) {
        read += page.contents().contains(content) ? page.chance() : 0;
      }
      Content.Source source = content.source();
      tell(
          "| %s | %.2f | %.2f | %s |",
          content.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          read,
          source.share() * source.addresses() * content.share(),
          value(content.changes()));
    }
    tell("");
  }

  private static String value(double value) {
    return value >= 1e6
        ? String.format(Locale.ROOT, "%.1f million", value / 1e6)
        : value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  private void shares(List<Watched> cases) {
    StringBuilder names = new StringBuilder("| share shed, and part of all-knowing |");
    List<Double> allKnowing = new ArrayList<>();
    for (Watched one : cases) {
      names.append(' ').append(one.name()).append(" |");
      allKnowing.add(one.allKnowing());
    }
    tell("%s", names);
    tell("|---|%s", "---|".repeat(cases.size()));
    for (Duration age : AGES) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < cases.size(); i++) {
        double shed = cases.get(i).replay(age).shed();
        row.append(' ').append(percent(shed)).append(", ");
        row.append(percent(shed / allKnowing.get(i))).append(" |");
      }
      tell("| maxAge %s |%s", Chart.name(age), row);
    }
    StringBuilder last = new StringBuilder();
    allKnowing.forEach(share -> last.append(' ').append(percent(share)).append(" |"));
    tell("| all-knowing |%s", last);
    tell("");
  }

  private void calls(Watched watched) {
    double scale = scale(watched);
    double aDay = scale / DAYS / 1e6;
    Tally oracle = watched.replay(Policy.ALL_KNOWING);
    double months = (double) (DAYS + watched.warmUpDays()) / 30;
    tell(
        "%s: %.2f log-ins a month (%.2f were aimed at).",
        watched.name(),
        watched.country().logIns() / months / watched.country().residents().size(),
        watched.assumptions().get(Assumption.LOG_INS)
            / watched.assumptions().get(Assumption.ACCOUNTS));
    tell("");
    tell(
        "| cache | calls a day, millions | from the cache | `STALE` | `FAILED` | older than the"
            + " region's |");
    tell("|---|---|---|---|---|---|");
    tell(
        "| none | %.2f | 0 %% | 0 %% | %.3f %% | 0 %% |",
        oracle.reads * aDay, 100.0 * oracle.down / oracle.reads);
    for (Duration age : AGES) {
      row("maxAge " + Chart.name(age), watched.replay(age), aDay);
    }
    row("all-knowing", oracle, aDay);
    tell("");
    assertThat(watched.replay(LONGEST).shed()).isLessThan(oracle.shed());
  }

  private void row(String name, Tally tally, double aDay) {
    tell(
        "| %s | %.2f | %s | %.3f %% | %.3f %% | %.3f %% |",
        name,
        tally.calls * aDay,
        percent((double) tally.cached / tally.reads),
        100.0 * tally.stale / tally.reads,
        100.0 * tally.failed / tally.reads,
        100.0 * tally.older / tally.reads);
  }

  private static double scale(Watched watched) {
    return watched.assumptions().get(Assumption.ACCOUNTS) / watched.country().residents().size();
  }

  private void memory(Watched watched) {
    tell("| memory for the country | fragments, millions | GB | shed |");
    tell("|---|---|---|---|");
    for (Duration age : List.of(Duration.ofHours(1), DEFAULT, LONGEST)) {
      memory("unlimited", watched, Policy.of(age));
    }
    for (int millions : new int[] {1, 3, 10}) {
      int capacity = (int) (millions * 1e6 / scale(watched));
      memory(
          "at most " + millions + " million fragments",
          watched,
          new Policy(LONGEST, false, capacity));
    }
    tell("");
  }

  private void memory(String limit, Watched watched, Policy policy) {
    Tally tally = watched.replay(policy);
    tell(
        "| maxAge %s, %s | %.1f | %.0f | %s |",
        Chart.name(policy.maxAge()),
        limit,
        tally.alive() * scale(watched) / 1e6,
        tally.aliveBytes() * scale(watched) / 1e9,
        percent(tally.shed()));
  }

  private void sensitivity(Assumptions standard) {
    tell(
        "| warm, with | all-knowing | maxAge 10 min | 12 h | of all-knowing | 7 d | of all-knowing"
            + " |");
    tell("|---|---|---|---|---|---|---|");
    sensitive("what is assumed", standard);
    sensitive("a third of the changes", standard.with(Assumption.CHANGES, 1.0 / 3));
    sensitive("three times the changes", standard.with(Assumption.CHANGES, 3));
    sensitive("no pages after the start page", standard.with(Assumption.PAGES, 0));
    sensitive("twice as many pages", standard.with(Assumption.PAGES, 2));
    sensitive("activity more even, shape 1.5", standard.with(Assumption.ACTIVITY_SHAPE, 1.5));
    sensitive("activity less even, shape 0.3", standard.with(Assumption.ACTIVITY_SHAPE, 0.3));
    sensitive("25.7 million log-ins a month", standard.with(Assumption.LOG_INS, 25.7e6));
    sensitive("nobody notified of changes", standard.with(Assumption.NOTIFIED, 0));
    sensitive("half the changes notified", standard.with(Assumption.NOTIFIED, 0.5));
    sensitive("all producers indexing", standard.with(Assumption.SILENT, 0));
    sensitive("40 % of the producers silent", standard.with(Assumption.SILENT, 0.4));
    sensitive("an empty index update every 10 days", standard.with(Assumption.EMPTY_UPDATES, 0.1));
    sensitive("no hit verified", standard.with(Assumption.VERIFIED, 0));
    sensitive("5 % of the hits verified", standard.with(Assumption.VERIFIED, 0.05));
    tell("");
  }

  private void sensitive(String name, Assumptions assumptions) {
    Watched watched =
        Watched.of(name, assumptions, List.of(Content.values()), WARM_UP_DAYS, RESIDENTS / 3);
    double oracle = watched.allKnowing();
    double hours = watched.replay(DEFAULT).shed();
    double week = watched.replay(LONGEST).shed();
    tell(
        "| %s | %s | %s | %s | %s | %s | %s |",
        name,
        percent(oracle),
        percent(watched.replay(Duration.ofMinutes(10)).shed()),
        percent(hours),
        percent(hours / oracle),
        percent(week),
        percent(week / oracle));
  }

  private static String picture(List<Watched> cases) {
    Duration shortest = Duration.ofMinutes(1);
    Chart chart =
        new Chart(
            "Share of the calls to regions that is shed; dashed: by an all-knowing cache",
            shortest,
            LONGEST);
    int color = 1;
    for (Watched one : cases) {
      Map<Duration, Double> shed = new LinkedHashMap<>();
      AGES.stream()
          .filter(age -> !age.isZero())
          .forEach(age -> shed.put(age, one.replay(age).shed()));
      double bound = one.allKnowing();
      Map<Duration, Double> level = new LinkedHashMap<>();
      level.put(shortest, bound);
      level.put(LONGEST, bound);
      chart.add(new Chart.Line(one.name(), shed, color, false, false));
      chart.add(new Chart.Line("", level, color, true, false));
      color++;
    }
    return chart.svg();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  @SuppressWarnings("AnnotateFormatMethod") // that annotation would be one more dependency
  private void tell(String format, Object... arguments) {
    report.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
