package se.samflode.readmodel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Makes an item's id from what tells the item apart in its source. */
final class StableId {

  /** 144 bits: no padding in base64, and no two items alike in practice. */
  private static final int BYTES = 18;

  /** Characters of an id. */
  static final int LENGTH = BYTES / 3 * 4;

  private StableId() {}

  /** The id of these parts, 24 characters that are safe in URLs. */
  static String of(List<String> parts) {
    MessageDigest digest = sha256();
    parts.forEach(part -> add(digest, part));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(digest.digest(), BYTES));
  }

  /** With its length in front, so that no two lists of parts give the same bytes. */
  private static void add(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException broken) {
      throw new IllegalStateException("every Java has SHA-256", broken);
    }
  }
}
