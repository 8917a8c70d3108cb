package se.samflode.lab;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Why a message is rejected, in words for its sender that repeat no value of it. Immutable.
 *
 * @param code which rule is broken
 * @param path where, in the terms of the format: FHIRPath, or segment and field; empty for the
 *     message as a whole
 * @param text what is wrong and what to do
 */
public record LabFault(Code code, String path, String text) {

  /** The rules, one list for all formats. */
  public enum Code {
    /** It cannot be read as what it claims to be. */
    UNREADABLE,
    /** It is larger, deeper or longer than what is taken. */
    TOO_LARGE,
    /** It is something else than a message with results. */
    UNSUPPORTED,
    /** Something that must be there is missing. */
    MISSING,
    /** A value breaks its rule. */
    INVALID,
    /** The identity of the resident is missing, of an unknown kind, or wrong. */
    IDENTITY,
    /** The sender may not push for that source system, or does not say for which. */
    SOURCE_SYSTEM,
    /** The id of the message has been used for another content. */
    MESSAGE_ID,
    /** An error of ours. */
    INTERNAL;

    /** As answers, receipts and metrics tell it. */
    @JsonValue
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
