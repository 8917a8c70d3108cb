package se.samflode.readmodel;

/** The kinds of content the API serves, one read model each. */
public enum Kind {
  /** Booked times and invitations. */
  BOOKINGS("bookings"),
  /** Answers of laboratories, from both versions of the contract. */
  LAB_RESULTS("lab-results"),
  /** Answers to referrals. */
  REFERRAL_OUTCOMES("referral-outcomes"),
  /** Diagnoses. */
  DIAGNOSES("diagnoses"),
  /** Notes of the record, from both versions of the contract. */
  CARE_DOCUMENTATION("care-documentation"),
  /** Contacts with care, from both versions of the contract. */
  CARE_CONTACTS("care-contacts"),
  /** Care plans. */
  CARE_PLANS("care-plans"),
  /** What has happened to referrals and other requests on their way. */
  REQUEST_STATUS("request-status");

  private final String path;

  Kind(String path) {
    this.path = path;
  }

  /** The last part of its address in the API, such as {@code lab-results}; also names its scope. */
  public String path() {
    return path;
  }

  /** Whether it is content of the medical record, to which the rules about age apply. */
  public boolean clinical() {
    return this != BOOKINGS && this != REQUEST_STATUS;
  }

  /** Whether an answer begins with the newest item; bookings begin with the next one to come. */
  public boolean newestFirst() {
    return this != BOOKINGS;
  }
}
