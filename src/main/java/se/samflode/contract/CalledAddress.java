package se.samflode.contract;

/** Which field of an engagement a contract's producers are called at. */
public enum CalledAddress {
  /** The engagement's logical address, a care unit. */
  LOGICAL_ADDRESS,
  /** The engagement's source system. */
  SOURCE_SYSTEM
}
