package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A code of a code system, or only its words. At least one of code and words is there.
 *
 * @param code as the source writes it
 * @param system the code system as a URI, {@code urn:oid:} where the source gives an OID
 * @param display the words for it: the source's, or the contract's own for its own codes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"code", "system", "display"})
public record Code(@Nullable String code, @Nullable String system, @Nullable String display) {

  private static final Pattern OID = Pattern.compile("[0-2](\\.[0-9]+)+");

  /** The code of what a source gives; {@code null} if it has neither code nor words. */
  static @Nullable Code of(
      @Nullable String code, @Nullable String system, @Nullable String display) {
    if (code == null && display == null) {
      return null;
    }
    boolean oid = system != null && OID.matcher(system).matches();
    return new Code(code, oid ? "urn:oid:" + system : system, display);
  }

  /** A code of a contract's own list, with the contract's words for it where it has any. */
  static @Nullable Code listed(
      @Nullable String code, @Nullable String system, Map<String, String> words) {
    return code == null ? null : of(code, system, words.get(code));
  }
}
