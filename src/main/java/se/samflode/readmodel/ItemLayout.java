package se.samflode.readmodel;

import java.util.List;
import java.util.Set;

/**
 * What a contract's items have in common with those of the others: whose they are and whether they
 * may be shown. Paths begin below the item and stand in the core namespace.
 *
 * @param namespaces those of the elements that are kept; the first is the core namespace
 * @param residents where the resident's identity can stand
 * @param residentMandatory whether an item must say whose it is
 * @param approved where it is told whether the resident may see it; empty if the contract does not
 * @param nullified where it is told that it is withdrawn; empty if the contract does not
 */
record ItemLayout(
    List<String> namespaces,
    List<List<String>> residents,
    boolean residentMandatory,
    List<String> approved,
    List<String> nullified) {

  private static final String CONTROL = "accessControlHeader";
  private static final Set<String> TRUE = Set.of("true", "1");
  private static final Set<String> FALSE = Set.of("false", "0");

  /** The older header, PatientSummaryHeader. */
  static ItemLayout summary(List<String> namespaces, String header) {
    return new ItemLayout(
        namespaces,
        List.of(List.of(header, "patientId", "id")),
        true,
        List.of(header, "approvedForPatient"),
        List.of(header, "nullified"));
  }

  /**
   * The newer header, with an accessControlHeader.
   *
   * @param residentMandatory whether patientId must be there; a patient's original identity is
   *     compared as well where it is given
   */
  static ItemLayout controlled(String namespace, boolean residentMandatory) {
    return new ItemLayout(
        List.of(namespace),
        List.of(
            List.of("header", CONTROL, "patientId", "extension"),
            List.of("header", CONTROL, "originalPatientId", "extension")),
        residentMandatory,
        List.of("header", CONTROL, "approvedForPatient"),
        List.of());
  }

  /** The namespace of all that is not an extension. */
  String core() {
    return namespaces.getFirst();
  }

  /** Whether an item says that the resident is not to see it. If it says both, it says so. */
  boolean hides(XmlNode item) {
    return texts(approved, item).stream().anyMatch(FALSE::contains)
        || texts(nullified, item).stream().anyMatch(TRUE::contains);
  }

  /**
   * What must be known of an item that is not hidden before it is shown.
   *
   * @param saysWhose whether it names the resident asked for
   * @throws BrokenRule if something is not said, or in no way that can be read
   */
  void requireShowable(XmlNode item, boolean saysWhose) throws BrokenRule {
    if (residentMandatory && !saysWhose) {
      throw new BrokenRule(String.join("/", residents.getFirst()) + " must be there");
    }
    List<String> approvals = texts(approved, item);
    if (!approved.isEmpty() && (approvals.isEmpty() || !TRUE.containsAll(approvals))) {
      throw new BrokenRule("approvedForPatient must be true, false, 1 or 0");
    }
    if (!FALSE.containsAll(texts(nullified, item))) {
      throw new BrokenRule("nullified must be true, false, 1 or 0");
    }
  }

  /** The texts of all elements at a path. */
  private List<String> texts(List<String> path, XmlNode item) {
    List<XmlNode> nodes = path.isEmpty() ? List.of() : List.of(item);
    for (String name : path) {
      nodes = nodes.stream().flatMap(node -> node.children(core(), name).stream()).toList();
    }
    return nodes.stream().map(XmlNode::text).toList();
  }
}
