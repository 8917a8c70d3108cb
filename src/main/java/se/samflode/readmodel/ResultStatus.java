package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far an answer, or an analysis of it, has come. */
public enum ResultStatus {
  /** Ordered or begun; there is nothing to read yet. */
  REGISTERED("registered"),
  /** An early answer; more is to come, or may change. */
  PRELIMINARY("preliminary"),
  /** The answer. */
  FINAL("final"),
  /** Final, and since added to or corrected. */
  AMENDED("amended"),
  /** Never carried out. */
  CANCELLED("cancelled");

  private final String word;

  ResultStatus(String word) {
    this.word = word;
  }

  /** Its name in JSON. */
  @JsonValue
  public String word() {
    return word;
  }

  /**
   * The status that a source's code means; {@code null} for a code that is not known. The codes of
   * the laboratory and imaging contracts, in either case, and the words of FHIR.
   */
  static @Nullable ResultStatus of(@Nullable String code) {
    if (code == null) {
      return null;
    }
    return switch (code.toUpperCase(Locale.ROOT)) {
      case "REG", "REGISTERED" -> REGISTERED;
      case "PREL", "PRELIMINARY" -> PRELIMINARY;
      case "DEF", "FINAL" -> FINAL;
      case "TILL", "KVAL", "AMENDED", "CORRECTED", "APPENDED" -> AMENDED;
      case "AVED", "CANCELLED" -> CANCELLED;
      default -> null;
    };
  }

  /**
   * The status of an answer that says none itself, from those of its analyses: final only if every
   * analysis is final, amended or cancelled. The first row that holds decides.
   *
   * <ol>
   *   <li>There is no analysis, or one without a status: not known.
   *   <li>All are cancelled: cancelled.
   *   <li>All but the cancelled are registered: registered.
   *   <li>One is registered or preliminary: preliminary.
   *   <li>One is amended: amended.
   *   <li>Else final.
   * </ol>
   */
  static @Nullable ResultStatus ofAll(List<LabGroup> groups) {
    Set<ResultStatus> found = EnumSet.noneOf(ResultStatus.class);
    for (LabGroup group : groups) {
      for (LabAnalysis analysis : group.analyses()) {
        if (analysis.status() == null) {
          return null;
        }
        found.add(analysis.status());
      }
    }
    return found.isEmpty() ? null : ofAll(found);
  }

  private static ResultStatus ofAll(Set<ResultStatus> found) {
    found.remove(CANCELLED);
    if (found.isEmpty()) {
      return CANCELLED;
    }
    if (found.equals(EnumSet.of(REGISTERED))) {
      return REGISTERED;
    }
    if (found.contains(REGISTERED) || found.contains(PRELIMINARY)) {
      return PRELIMINARY;
    }
    return found.contains(AMENDED) ? AMENDED : FINAL;
  }
}
