package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/** The place of a diagnosis among those of the same contact with care. */
public enum DiagnosisType {
  /** The main one (huvuddiagnos). */
  MAIN("main"),
  /** One beside it (bidiagnos). */
  SECONDARY("secondary");

  private final String word;

  DiagnosisType(String word) {
    this.word = word;
  }

  /** Its name in JSON. */
  @JsonValue
  public String word() {
    return word;
  }

  /** The type that the contract's word means; {@code null} for one it does not have. */
  static @Nullable DiagnosisType of(@Nullable String written) {
    return switch (written) {
      case "Huvuddiagnos" -> MAIN;
      case "Bidiagnos" -> SECONDARY;
      case null, default -> null;
    };
  }
}
