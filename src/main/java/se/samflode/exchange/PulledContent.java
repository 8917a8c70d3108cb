package se.samflode.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import se.samflode.index.Engagement;
import se.samflode.index.IndexFault;
import se.samflode.index.UpdateRules;

/**
 * What of a page may be stored. An engagement that breaks a rule is left out, and then nothing of
 * its resident is deleted: what was left out may be a row that we have. A row too many makes a
 * source be asked in vain; a row that is missing hides what a resident has. Immutable; prints
 * itself redacted.
 *
 * @param whole residents with all that the source has of them: what else we have is to be deleted
 * @param partly engagements of residents of whom something was left out: to be added only
 * @param leftOut engagements that were left out, and residents without a usable identity, by rule
 */
record PulledContent(
    Map<String, List<Engagement>> whole, List<Engagement> partly, Map<String, Integer> leftOut) {

  private static final int LONGEST_RESIDENT = 32;

  /** Sorts a page of what a source system has in a domain. */
  static PulledContent of(
      PulledPage page, UpdateRules rules, String sourceSystem, String serviceDomain) {
    Map<String, List<Engagement>> byResident = new LinkedHashMap<>();
    Map<String, Integer> leftOut = new TreeMap<>();
    for (PulledPage.Told told : page.told()) {
      if (isUsable(told.resident())) {
        byResident
            .computeIfAbsent(told.resident(), resident -> new ArrayList<>())
            .addAll(told.engagements());
      } else {
        leftOut.merge("resident", Math.max(1, told.engagements().size()), Integer::sum);
      }
    }
    Map<String, List<Engagement>> whole = new LinkedHashMap<>();
    List<Engagement> partly = new ArrayList<>();
    byResident.forEach((resident, engagements) -> {
      List<Engagement> good = new ArrayList<>();
      for (Engagement engagement : engagements) {
        fault(engagement, rules, resident, sourceSystem, serviceDomain)
            .ifPresentOrElse(
                rule -> leftOut.merge(rule, 1, Integer::sum), () -> good.add(engagement));
      }
      if (good.size() == engagements.size()) {
        whole.put(resident, good);
      } else {
        partly.addAll(good);
      }
    });
    return new PulledContent(whole, partly, leftOut);
  }

  /** How many residents something is stored of. */
  int residents() {
    return whole.size() + (int) partly.stream().map(Engagement::resident).distinct().count();
  }

  /** Whether a resident can be in the index at all. */
  private static boolean isUsable(String resident) {
    return !resident.isBlank()
        && resident.equals(resident.strip())
        && resident.length() <= LONGEST_RESIDENT;
  }

  private static Optional<String> fault(
      Engagement engagement,
      UpdateRules rules,
      String resident,
      String sourceSystem,
      String serviceDomain) {
    if (!engagement.resident().equals(resident)) {
      return Optional.of("other-resident");
    }
    if (!engagement.sourceSystem().equals(sourceSystem)) {
      return Optional.of("other-source-system");
    }
    if (!engagement.serviceDomain().equals(serviceDomain)) {
      return Optional.of("other-domain");
    }
    return rules
        .check(engagement)
        .map(IndexFault::code)
        .map(code -> code == IndexFault.Code.NONE ? "no-time" : code.name());
  }

  @Override
  public String toString() {
    return "PulledContent" + leftOut;
  }
}
