package se.samflode.bench.country;

import java.util.List;

/** What a resident looks at after a log-in, with what that asks for. All figures are assumed. */
enum Page {
  START(1, 0, 0, Content.BOOKINGS),
  BOOKINGS(0.5, 1, 3, Content.BOOKINGS),
  BOOKINGS_AGAIN(0.3, 3, 10, Content.BOOKINGS),
  BOOKINGS_LATER(0.1, 10, 60, Content.BOOKINGS),
  LAB(0.35, 0.5, 5, Content.LAB_RESULTS),
  LAB_AGAIN(0.12, 3, 15, Content.LAB_RESULTS),
  JOURNAL(0.3, 0.5, 8, Content.NOTES, Content.DIAGNOSES, Content.CONTACTS),
  JOURNAL_AGAIN(0.15, 4, 20, Content.NOTES, Content.DIAGNOSES, Content.CONTACTS),
  OTHER(0.06, 1, 15, Content.REQUESTS, Content.REFERRALS, Content.CARE_PLANS);

  private final double chance;
  private final double fromMinutes;
  private final double toMinutes;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Content> contents;

  Page(double chance, double fromMinutes, double toMinutes, Content... contents) {
    this.chance = chance;
    this.fromMinutes = fromMinutes;
    this.toMinutes = toMinutes;
    this.contents = List.of(contents);
  }

  /** How often it is opened, 0 to 1. */
  double chance() {
    return chance;
  }

  /** The earliest time after the log-in. */
  double fromMinutes() {
    return fromMinutes;
  }

  /** The latest time after the log-in. */
  double toMinutes() {
    return toMinutes;
  }

  List<Content> contents() {
    return contents;
  }
}
