package se.samflode.bench.country;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A sample of the country's residents, what they have, and all that happens to them for some days.
 * The same assumptions, places and seed give the same country; a larger sample has the smaller
 * one's residents in it.
 *
 * @param residents by number
 * @param fragments by number
 * @param events in order of time
 * @param logIns how often residents log in
 */
record Country(List<Resident> residents, List<Fragment> fragments, List<Event> events, int logIns) {

  static final long DAY = TimeUnit.DAYS.toMillis(1);

  private static final double MINUTE = TimeUnit.MINUTES.toMillis(1);
  private static final int DAYS_A_MONTH = 30;

  // Assumed: Monday to Sunday, and the hours of the day.
  private static final double[] WEEKDAYS = {1.25, 1.15, 1.1, 1.1, 1, 0.65, 0.75};
  private static final double[] LOG_IN_HOURS = {
    1, .5, .3, .3, .5, 1.5, 4, 8, 11, 11, 10, 9, 8, 9, 9, 8, 7, 6, 6, 6, 5, 4, 3, 2
  };
  private static final double[] OFFICE_DAYS = {1, 1, 1, 1, 0.9, 0.1, 0.05};
  private static final double[] OFFICE_HOURS = {
    .2, .2, .2, .2, .2, .3, 1, 6, 12, 12, 11, 8, 6, 10, 11, 9, 5, 1, .5, .5, .4, .3, .3, .2
  };

  /** Those of each kind. */
  record Geography(Map<Content.Source, Places> places) {

    Places of(Content.Source source) {
      Places of = places.get(source);
      if (of == null) {
        throw new IllegalArgumentException("no places of the kind " + source);
      }
      return of;
    }

    Stream<Place> all() {
      return places.values().stream().flatMap(of -> of.all().stream());
    }
  }

  /** All regions with invented addresses; a share of their producers has each habit. */
  static Geography inventedPlaces(Assumptions assumptions, long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    Map<Content.Source, Places> places = new EnumMap<>(Content.Source.class);
    for (Content.Source source : Content.Source.values()) {
      places.put(
          source,
          Places.invented(unit -> {
            double draw = random.nextDouble();
            double silent = assumptions.get(Assumption.SILENT);
            return draw < silent
                ? Place.Habit.SILENT
                : draw < silent + assumptions.get(Assumption.EARLY)
                    ? Place.Habit.EARLY
                    : Place.Habit.INDEXES;
          }));
    }
    return new Geography(places);
  }

  /**
   * Makes a country.
   *
   * @param contents those that exist
   * @param days how long it is watched, from a Monday on
   */
  static Country generate(
      Assumptions assumptions,
      Geography geography,
      List<Content> contents,
      int residents,
      int days,
      long seed) {
    Maker maker = new Maker(assumptions, geography, contents, days);
    for (int number = 0; number < residents; number++) {
      maker.resident(number, new SplittableRandom(seed * 1_000_003 + number));
    }
    maker.outages(new SplittableRandom(seed));
    maker.events.sort(Comparator.comparingLong(Event::at));
    return new Country(
        List.copyOf(maker.residents),
        List.copyOf(maker.fragments),
        List.copyOf(maker.events),
        maker.logIns);
  }

  private static final class Maker {

    private final Assumptions assumptions;
    private final Geography geography;
    private final List<Content> contents;
    private final int days;
    private final double spontaneousADay;
    final List<Resident> residents = new ArrayList<>();
    final List<Fragment> fragments = new ArrayList<>();
    final List<Event> events = new ArrayList<>();
    int logIns;

    Maker(Assumptions assumptions, Geography geography, List<Content> contents, int days) {
      this.assumptions = assumptions;
      this.geography = geography;
      this.contents = contents;
      this.days = days;
      this.spontaneousADay = spontaneousADay();
    }

    private double get(Assumption one) {
      return assumptions.get(one);
    }

    /** All log-ins are those of the month: who is notified or comes again is part of them. */
    private double spontaneousADay() {
      double aMonth = get(Assumption.LOG_INS) / get(Assumption.ACCOUNTS);
      double notified = 0;
      for (Content content : contents) {
        Content.Source source = content.source();
        notified +=
            source.share()
                * (1 + further(source))
                * content.share()
                * changes(content)
                * get(Assumption.NOTIFIED);
      }
      double first = aMonth / DAYS_A_MONTH / (1 + get(Assumption.SECOND_LOG_IN)) - notified;
      if (first < 0) {
        throw new IllegalArgumentException("more log-ins by notification than there are in all");
      }
      return first;
    }

    private double further(Content.Source source) {
      return (source.addresses() - 1) * get(Assumption.ADDRESSES);
    }

    private double changes(Content content) {
      return content.changes() * get(Assumption.CHANGES);
    }

    void resident(int number, RandomGenerator random) {
      double shape = get(Assumption.ACTIVITY_SHAPE);
      double activity = gamma(shape, random) / shape;
      Resident resident = new Resident(number, have(number, activity, random));
      residents.add(resident);
      for (int count = poisson(spontaneousADay * activity * days, random); count > 0; count--) {
        logIn(resident, time(WEEKDAYS, LOG_IN_HOURS, random), random);
      }
      for (Fragment fragment : resident.fragments()) {
        double expected = changes(fragment.content()) * days;
        for (int count = poisson(expected, random); count > 0; count--) {
          long at = time(OFFICE_DAYS, OFFICE_HOURS, random);
          change(at, fragment, random);
          if (random.nextDouble() < get(Assumption.NOTIFIED)) {
            logIn(resident, at + (long) (6 * 60 * MINUTE * random.nextExponential()), random);
          }
        }
        int empty = poisson(get(Assumption.EMPTY_UPDATES) * days, random);
        for (; empty > 0 && fragment.place().habit() != Place.Habit.SILENT; empty--) {
          happens(new Event.Indexed(time(OFFICE_DAYS, OFFICE_HOURS, random), fragment, true));
        }
      }
    }

    /** Who logs in more has content in more places. */
    private List<Fragment> have(int resident, double activity, RandomGenerator random) {
      List<Fragment> have = new ArrayList<>();
      for (Content.Source source : Content.Source.values()) {
        boolean any = random.nextDouble() < source.share();
        double further = further(source) * (0.5 + 0.5 * Math.min(activity, 4));
        if (any && contents.stream().anyMatch(content -> content.source() == source)) {
          for (Place place : geography.of(source).some(further, get(Assumption.HOME), random)) {
            for (Content content : contents) {
              if (content.source() == source && random.nextDouble() < content.share()) {
                Fragment fragment = new Fragment(fragments.size(), resident, content, place);
                fragments.add(fragment);
                have.add(fragment);
              }
            }
          }
        }
      }
      return have;
    }

    private void logIn(Resident resident, long at, RandomGenerator random) {
      visit(resident, at, random);
      if (random.nextDouble() < get(Assumption.SECOND_LOG_IN)) {
        visit(resident, at + (long) (60 * MINUTE * random.nextDouble(1, 10)), random);
      }
    }

    private void visit(Resident resident, long at, RandomGenerator random) {
      if (at >= days * DAY) {
        return;
      }
      logIns++;
      for (Page page : Page.values()) {
        double chance = page == Page.START ? 1 : page.chance() * get(Assumption.PAGES);
        if (random.nextDouble() < chance) {
          double minutes =
              page.fromMinutes() + random.nextDouble() * (page.toMinutes() - page.fromMinutes());
          open(resident, page, at + (long) (minutes * MINUTE));
          if (random.nextDouble() < get(Assumption.RELOAD)) {
            open(resident, page, at + (long) (minutes * MINUTE) + random.nextInt(50, 300));
          }
        }
      }
      List<Fragment> bookings = resident.of(Content.BOOKINGS);
      if (!bookings.isEmpty() && random.nextDouble() < get(Assumption.OWN_CHANGE)) {
        long changed = at + (long) (MINUTE * random.nextDouble(2, 8));
        change(changed, bookings.get(random.nextInt(bookings.size())), random);
        happens(new Event.Ask(changed + 1_000, resident, Content.BOOKINGS, true));
      }
    }

    private void open(Resident resident, Page page, long at) {
      for (Content content : page.contents()) {
        if (contents.contains(content)) {
          happens(new Event.Ask(at, resident, content, false));
        }
      }
    }

    private void change(long at, Fragment fragment, RandomGenerator random) {
      switch (fragment.place().habit()) {
        case INDEXES -> {
          happens(new Event.Commit(at, fragment));
          long lag = (long) (1_000 * get(Assumption.INDEX_LAG) * random.nextDouble());
          happens(new Event.Indexed(at + lag, fragment, false));
        }
        case EARLY -> {
          happens(new Event.Indexed(at, fragment, false));
          happens(new Event.Commit(at + random.nextInt(1_000, 40_000), fragment));
        }
        case SILENT -> happens(new Event.Commit(at, fragment));
      }
    }

    void outages(RandomGenerator random) {
      List<String> producers = geography.all().map(Place::producer).distinct().sorted().toList();
      for (String producer : producers) {
        double at = 0;
        while (true) {
          at += DAY * random.nextExponential() / get(Assumption.OUTAGES);
          double end = at + MINUTE * get(Assumption.OUTAGE_MINUTES) * random.nextExponential();
          if (at >= days * DAY) {
            break;
          }
          happens(new Event.Down((long) at, producer));
          happens(new Event.Up((long) end, producer));
          at = end;
        }
      }
    }

    private void happens(Event event) {
      if (event.at() < days * DAY) {
        events.add(event);
      }
    }

    /** Uniform over the days watched but for weekday and hour. */
    private long time(double[] weekdays, double[] hours, RandomGenerator random) {
      int day;
      do {
        day = random.nextInt(days);
      } while (random.nextDouble() * 1.3 > weekdays[day % 7]);
      double draw = random.nextDouble() * Arrays.stream(hours).sum();
      int hour = 0;
      while (hour < 23 && draw >= hours[hour]) {
        draw -= hours[hour++];
      }
      return day * DAY + (long) (60 * MINUTE * (hour + random.nextDouble()));
    }

    private static int poisson(double mean, RandomGenerator random) {
      int count = 0;
      double waited = random.nextExponential();
      while (waited < mean) {
        count++;
        waited += random.nextExponential();
      }
      return count;
    }

    /** Marsaglia and Tsang 2000; below shape 1 with their power of a uniform draw. */
    private static double gamma(double shape, RandomGenerator random) {
      if (shape < 1) {
        return gamma(shape + 1, random) * Math.pow(random.nextDouble(), 1 / shape);
      }
      double d = shape - 1.0 / 3;
      double c = 1 / Math.sqrt(9 * d);
      while (true) {
        double x = random.nextGaussian();
        double v = Math.pow(1 + c * x, 3);
        if (v > 0 && Math.log(random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
          return d * v;
        }
      }
    }
  }
}
