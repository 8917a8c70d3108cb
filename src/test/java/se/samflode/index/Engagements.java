package se.samflode.index;

import org.jspecify.annotations.Nullable;

/** Engagements for tests, made by changing one field of a good one. Immutable. */
record Engagements(
    String resident,
    String categorization,
    String logicalAddress,
    String businessObject,
    @Nullable String mostRecentContent,
    String sourceSystem,
    @Nullable String creationTime,
    String owner) {

  static final String DOMAIN = "riv:crm:scheduling";
  static final String RESIDENT = "202312302397";
  static final String INDEX = "SE2321000016-EI01";

  static final Engagements BOOKING =
      new Engagements(
          RESIDENT,
          "Booking",
          "SE2321000016-A001",
          "booking-1",
          "20261124093000",
          "SE2321000016-S001",
          null,
          "");

  Engagements resident(String value) {
    return new Engagements(
        value,
        categorization,
        logicalAddress,
        businessObject,
        mostRecentContent,
        sourceSystem,
        creationTime,
        owner);
  }

  Engagements categorization(String value) {
    return new Engagements(
        resident,
        value,
        logicalAddress,
        businessObject,
        mostRecentContent,
        sourceSystem,
        creationTime,
        owner);
  }

  Engagements logicalAddress(String value) {
    return new Engagements(
        resident,
        categorization,
        value,
        businessObject,
        mostRecentContent,
        sourceSystem,
        creationTime,
        owner);
  }

  Engagements businessObject(String value) {
    return new Engagements(
        resident,
        categorization,
        logicalAddress,
        value,
        mostRecentContent,
        sourceSystem,
        creationTime,
        owner);
  }

  Engagements mostRecentContent(@Nullable String value) {
    return new Engagements(
        resident,
        categorization,
        logicalAddress,
        businessObject,
        value,
        sourceSystem,
        creationTime,
        owner);
  }

  Engagements sourceSystem(String value) {
    return new Engagements(
        resident,
        categorization,
        logicalAddress,
        businessObject,
        mostRecentContent,
        value,
        creationTime,
        owner);
  }

  Engagements creationTime(String value) {
    return new Engagements(
        resident,
        categorization,
        logicalAddress,
        businessObject,
        mostRecentContent,
        sourceSystem,
        value,
        owner);
  }

  Engagements owner(String value) {
    return new Engagements(
        resident,
        categorization,
        logicalAddress,
        businessObject,
        mostRecentContent,
        sourceSystem,
        creationTime,
        value);
  }

  Engagement engagement() {
    return new Engagement(
        resident,
        DOMAIN,
        categorization,
        logicalAddress,
        businessObject,
        "NA",
        mostRecentContent,
        sourceSystem,
        creationTime,
        null,
        "SE2321000016-0001",
        owner);
  }

  EngagementTransaction add() {
    return new EngagementTransaction(false, engagement());
  }

  EngagementTransaction delete() {
    return new EngagementTransaction(true, engagement());
  }
}
