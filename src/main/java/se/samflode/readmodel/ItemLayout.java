package se.samflode.readmodel;

import java.util.List;

/**
 * What a contract's items have in common with those of the others: whose they are and whether they
 * may be shown. Paths begin below the item and stand in the core namespace.
 *
 * @param namespaces those of the elements that are kept; the first is the core namespace
 * @param resident where the resident's identity stands
 * @param residentMandatory whether an item must say whose it is
 * @param approved where it is told whether the resident may see it; empty if the contract does not
 * @param nullified where it is told that it is withdrawn; empty if the contract does not
 */
record ItemLayout(
    List<String> namespaces,
    List<String> resident,
    boolean residentMandatory,
    List<String> approved,
    List<String> nullified) {

  private static final String CONTROL = "accessControlHeader";

  /** The older header, PatientSummaryHeader. */
  static ItemLayout summary(List<String> namespaces, String header) {
    return new ItemLayout(
        namespaces,
        List.of(header, "patientId", "id"),
        true,
        List.of(header, "approvedForPatient"),
        List.of(header, "nullified"));
  }

  /**
   * The newer header, with an accessControlHeader. Its originalPatientId, by which a record was
   * once written, is not looked at here; a descriptor may name it as {@code item.resident}.
   *
   * @param residentMandatory whether patientId must be there
   */
  static ItemLayout controlled(String namespace, boolean residentMandatory) {
    return new ItemLayout(
        List.of(namespace),
        List.of("header", CONTROL, "patientId", "extension"),
        residentMandatory,
        List.of("header", CONTROL, "approvedForPatient"),
        List.of());
  }

  /** The namespace of all that is not an extension. */
  String core() {
    return namespaces.getFirst();
  }
}
