package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A picture, a document or the like that belongs to a record; at least one of the two is there. Its
 * bytes are not part of the read model.
 *
 * @param mediaType such as {@code application/pdf}
 * @param reference where it is; only web addresses are passed on
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"mediaType", "reference"})
public record Attachment(@Nullable String mediaType, @Nullable String reference) {

  private static final int MAX_REFERENCE = 2_000;

  /** Of the type Multimedia; {@code null} if it says nothing. */
  static @Nullable Attachment of(XmlNode node) throws BrokenRule {
    String mediaType = node.shown("mediaType");
    String reference = node.plain("reference");
    boolean web = reference != null && isWebAddress(reference);
    return mediaType == null && !web ? null : new Attachment(mediaType, web ? reference : null);
  }

  private static boolean isWebAddress(String reference) {
    if (reference.length() > MAX_REFERENCE) {
      return false;
    }
    try {
      URI uri = new URI(reference);
      boolean http = "https".equalsIgnoreCase(uri.getScheme());
      return (http || "http".equalsIgnoreCase(uri.getScheme())) && uri.getHost() != null;
    } catch (URISyntaxException noAddress) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "Attachment[redacted]";
  }
}
