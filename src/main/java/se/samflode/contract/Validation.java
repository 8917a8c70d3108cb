package se.samflode.contract;

/** What becomes of a producer's item that breaks the contract's schema. */
public enum Validation {
  /** Nobody looks. */
  OFF,
  /** It passes, and metrics and log tell. */
  REPORT,
  /** It is left out, counted and told. */
  REJECT
}
