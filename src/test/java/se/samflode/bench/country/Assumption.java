package se.samflode.bench.country;

import java.util.Locale;

/** What the load model is made of, each with its value and where that comes from. */
enum Assumption {
  LOG_INS(
      18.8e6,
      "log-ins a month",
      "the record month of the order; Inera told of 25.7 million in January 2022"),
  ACCOUNTS(8.5e6, "accounts", "the order; Inera told of more than nine million in 2022"),
  ACTIVITY_SHAPE(
      0.6,
      "shape of the gamma distribution of log-ins over accounts",
      "assumed; gives 3.6 log-ins a month for each account that logs in at all. Journalen had 3.5"
          + " in August 2018 (Läkartidningen)"),
  SECOND_LOG_IN(0.2, "chance that another log-in follows 1 to 10 hours later", "assumed"),
  NOTIFIED(
      0.2, "chance that a change makes the resident log in, 6 hours later in the mean", "assumed"),
  OWN_CHANGE(0.03, "chance that a log-in changes one of the resident's bookings", "assumed"),
  RELOAD(0.03, "chance that a page is asked for again within 0.3 s", "assumed"),
  PAGES(1, "factor on the chance of every page after the start page", "assumed"),
  ADDRESSES(1, "factor on the number of addresses beyond the first", "assumed"),
  HOME(0.8, "chance that a further address is in the region of the first", "assumed"),
  CHANGES(1, "factor on the changes of all kinds of content", "assumed"),
  EMPTY_UPDATES(0.005, "index updates for each source and day that change no content", "assumed"),
  INDEX_LAG(30, "seconds at most from a change to its index update", "assumed"),
  SILENT(0.1, "share of the producers that do not index changes", "assumed"),
  EARLY(0.1, "share that index up to 40 s before the change can be read", "assumed"),
  OUTAGES(0.05, "outages for each producer and day", "assumed"),
  OUTAGE_MINUTES(45, "minutes an outage lasts in the mean", "assumed"),
  VERIFIED(0.01, "share of the hits that are fetched again to compare", "a setting"),
  OVERHEAD(
      1500,
      "bytes of memory for each fragment beside its content",
      "assumed, and too much: CacheBenchmark measures 64");

  private final double value;
  private final String meaning;
  private final String source;

  Assumption(double value, String meaning, String source) {
    this.value = value;
    this.meaning = meaning;
    this.source = source;
  }

  /** The value, unless {@code -Dcountry.log-ins=} says another. */
  double value() {
    String said = System.getProperty("country." + id());
    return said == null ? value : Double.parseDouble(said);
  }

  /** The name in lower case with hyphens. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String meaning() {
    return meaning;
  }

  String source() {
    return source;
  }
}
