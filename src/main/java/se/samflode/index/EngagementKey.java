package se.samflode.index;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What makes an engagement one and the same: SHA-256 over its key fields, each with its length in
 * front, so that no two keys give the same bytes. Immutable.
 *
 * @param digest the 32 bytes as the database compares them
 */
public record EngagementKey(ByteBuffer digest) {

  private static final String NOT_APPLICABLE = "NA";

  /** The key of an engagement, its owner included. Source: engagementindex 1.0. */
  static EngagementKey of(Engagement e) {
    MessageDigest sha256 = sha256();
    List<String> fields =
        List.of(
            e.resident(),
            e.serviceDomain(),
            orNotApplicable(e.categorization()),
            e.logicalAddress(),
            orNotApplicable(e.businessObjectInstanceIdentifier()),
            e.sourceSystem(),
            e.dataController(),
            e.owner(),
            orNotApplicable(e.clinicalProcessInterestId()));
    for (String field : fields) {
      byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      sha256.update(bytes);
    }
    return new EngagementKey(ByteBuffer.wrap(sha256.digest()).asReadOnlyBuffer());
  }

  /** The 32 bytes as 64 hexadecimal digits in lower case. */
  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }

  /** The 32 bytes, a copy. */
  public byte[] bytes() {
    byte[] copy = new byte[digest.remaining()];
    digest.duplicate().get(copy);
    return copy;
  }

  private static String orNotApplicable(String value) {
    return value.isEmpty() ? NOT_APPLICABLE : value;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
