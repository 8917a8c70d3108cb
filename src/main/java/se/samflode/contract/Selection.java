package se.samflode.contract;

import java.util.Set;

/**
 * What a question is limited to; an empty set is no limit. Immutable.
 *
 * @param sourceSystems HSA-ids of source systems
 * @param careUnits HSA-ids of care units
 * @param categorizations as indexed
 */
public record Selection(
    Set<String> sourceSystems, Set<String> careUnits, Set<String> categorizations) {

  /** No limit. */
  public static final Selection EVERYTHING = new Selection(Set.of(), Set.of(), Set.of());

  /** Copies the sets. */
  public Selection {
    sourceSystems = Set.copyOf(sourceSystems);
    careUnits = Set.copyOf(careUnits);
    categorizations = Set.copyOf(categorizations);
  }
}
