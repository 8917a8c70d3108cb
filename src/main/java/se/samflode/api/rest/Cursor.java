package se.samflode.api.rest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.samflode.federation.Item;
import se.samflode.federation.ItemOrder;

/**
 * Where a page ended: the time and the id of its last item. Holds no identity, and stays right when
 * items before it come or go. Immutable.
 *
 * @param start {@code null} for an item without a time
 * @param id the item's stable id
 */
record Cursor(@Nullable Instant start, String id) {

  private static final Pattern FORM = Pattern.compile("1 (-|-?[0-9]{1,12}) ([A-Za-z0-9_-]{1,64})");

  static Cursor behind(Item item) {
    return new Cursor(item.sortTime(), item.id());
  }

  /**
   * @throws ProblemException INVALID_CURSOR if it is none of ours
   */
  static Cursor parse(String text) {
    try {
      if (text.length() <= 200) {
        Matcher form =
            FORM.matcher(
                new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII));
        if (form.matches()) {
          String start = form.group(1);
          return new Cursor(
              "-".equals(start) ? null : Instant.ofEpochSecond(Long.parseLong(start)),
              form.group(2));
        }
      }
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      // Told below, as every cursor that is none of ours.
    }
    throw new ProblemException(Problem.INVALID_CURSOR);
  }

  /** Whether an item stands behind this place in the order of answers. */
  boolean isBefore(Item item, ItemOrder order) {
    return order.compare(start, id, item) < 0;
  }

  /** As it goes to the caller. */
  String text() {
    String plain = "1 " + (start == null ? "-" : start.getEpochSecond()) + " " + id;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
  }
}
