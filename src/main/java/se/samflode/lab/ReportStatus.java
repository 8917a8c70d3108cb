package se.samflode.lab;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far an answer or an analysis of it has come, with its rank among versions of one answer. */
public enum ReportStatus {
  /** It cannot be told. */
  UNKNOWN(0),
  /** Ordered or begun. */
  REGISTERED(0),
  /** Early; more is to come, or may change. */
  PRELIMINARY(1),
  /** Some of the analyses are ready. */
  PARTIAL(1),
  /** The answer. */
  FINAL(2),
  /** Never carried out. */
  CANCELLED(2),
  /** Final, and since added to. */
  AMENDED(3),
  /** Final, and since corrected. */
  CORRECTED(3),
  /** Should never have been sent. */
  WITHDRAWN(4);

  private final int rank;

  ReportStatus(int rank) {
    this.rank = rank;
  }

  /** Of two versions of one issue the higher rank stands, 0 to 4. */
  int rank() {
    return rank;
  }

  /**
   * The status of an answer whose source gives it none, from those of its analyses. The first row
   * that holds decides.
   *
   * <ol>
   *   <li>There is no analysis: unknown.
   *   <li>All are withdrawn: withdrawn. Else the withdrawn ones do not count.
   *   <li>One has a status that is not known: unknown.
   *   <li>All are cancelled: cancelled. Else the cancelled ones do not count.
   *   <li>All are registered: registered.
   *   <li>One is preliminary or partial: preliminary.
   *   <li>One is registered: partial.
   *   <li>One is corrected: corrected.
   *   <li>One is amended: amended.
   *   <li>Else final.
   * </ol>
   *
   * @param analyses a status, or {@code null}, of each
   */
  public static ReportStatus ofAll(Collection<@Nullable ReportStatus> analyses) {
    if (analyses.isEmpty()) {
      return UNKNOWN;
    }
    Set<ReportStatus> found = EnumSet.noneOf(ReportStatus.class);
    for (ReportStatus status : analyses) {
      found.add(status == null ? UNKNOWN : status);
    }
    if (isOnly(found, WITHDRAWN)) {
      return WITHDRAWN;
    }
    if (found.contains(UNKNOWN)) {
      return UNKNOWN;
    }
    if (isOnly(found, CANCELLED)) {
      return CANCELLED;
    }
    if (found.equals(EnumSet.of(REGISTERED))) {
      return REGISTERED;
    }
    if (found.contains(PRELIMINARY) || found.contains(PARTIAL)) {
      return PRELIMINARY;
    }
    if (found.contains(REGISTERED)) {
      return PARTIAL;
    }
    if (found.contains(CORRECTED)) {
      return CORRECTED;
    }
    return found.contains(AMENDED) ? AMENDED : FINAL;
  }

  /** Whether that is all there is; else it is taken away. */
  private static boolean isOnly(Set<ReportStatus> found, ReportStatus status) {
    boolean contained = found.remove(status);
    return contained && found.isEmpty();
  }
}
