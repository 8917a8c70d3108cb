package se.samflode.bench.country;

import java.time.Duration;

/** Kinds of content that residents read. All figures are assumed. */
enum Content {
  BOOKINGS(Source.BOOKING, "riv:crm:scheduling", 1, 0.03, 1, 2_000),
  LAB_RESULTS(Source.LAB, "riv:clinicalprocess:healthcond:actoutcome", 1, 0.012, 5, 5_000),
  NOTES(Source.JOURNAL, "riv:clinicalprocess:healthcond:description", 0.9, 0.01, 5, 8_000),
  DIAGNOSES(Source.JOURNAL, "riv:clinicalprocess:healthcond:description", 0.7, 0.004, 5, 2_000),
  CONTACTS(Source.JOURNAL, "riv:clinicalprocess:logistics:logistics", 0.95, 0.012, 5, 4_000),
  REQUESTS(Source.JOURNAL, "riv:crm:requeststatus", 0.2, 0.004, 5, 2_000),
  REFERRALS(Source.JOURNAL, "riv:clinicalprocess:healthcond:actoutcome", 0.4, 0.003, 5, 3_000),
  CARE_PLANS(Source.JOURNAL, "riv:clinicalprocess:logistics:logistics", 0.1, 0.002, 5, 4_000);

  /** Kinds of systems that have content. */
  enum Source {
    /** Asked for each care unit. */
    BOOKING(0.7, 1.6),
    /** Asked as a whole. */
    JOURNAL(0.8, 1.5),
    /** Asked as a whole. */
    LAB(0.8, 1.4);

    private final double share;
    private final double addresses;

    Source(double share, double addresses) {
      this.share = share;
      this.addresses = addresses;
    }

    /** The share of residents who have content at an address of the kind, 0 to 1. */
    double share() {
      return share;
    }

    /** At how many addresses they have it in the mean, 1 or more. */
    double addresses() {
      return addresses;
    }
  }

  private final Source source;
  private final String domain;
  private final double share;
  private final double changes;
  private final int unprovenMinutes;
  private final int bytes;

  Content(
      Source source, String domain, double share, double changes, int unprovenMinutes, int bytes) {
    this.source = source;
    this.domain = domain;
    this.share = share;
    this.changes = changes;
    this.unprovenMinutes = unprovenMinutes;
    this.bytes = bytes;
  }

  Source source() {
    return source;
  }

  /** Of all content of a resident in one domain at one address the index keeps one version. */
  String domain() {
    return domain;
  }

  /** The share of the resident's addresses that have this kind, 0 to 1. */
  double share() {
    return share;
  }

  /** Changes a day at one address. */
  double changes() {
    return changes;
  }

  /** The longest life of a fragment of a producer that has not proven that it indexes. */
  Duration unprovenAge() {
    return Duration.ofMinutes(unprovenMinutes);
  }

  /** How large a fragment is. */
  int bytes() {
    return bytes;
  }
}
