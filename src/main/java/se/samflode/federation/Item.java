package se.samflode.federation;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Cut;
import se.samflode.readmodel.Readers;

/**
 * One item of a fragment as bytes ready to be served: as the read model has it, and as the producer
 * wrote it. Immutable.
 *
 * <p>Some of it may hold for a moment only, such as whether a booking can be cancelled. That is
 * told of what was fetched just now, and left out of what is older.
 */
public final class Item {

  /** A text in UTF-8, and what of it holds for a moment only. */
  static final class Text {

    private static final byte[] NOTHING = {};
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private final List<Cut> momentary;
    private final byte[] instead;

    private Text(byte[] bytes, List<Cut> momentary, byte[] instead) {
      this.bytes = bytes;
      this.momentary = List.copyOf(momentary);
      this.instead = instead;
    }

    /**
     * XML.
     *
     * @param bytes not to be changed afterwards
     * @param momentary optional elements, in ascending order; left out of what is older
     */
    static Text xml(byte[] bytes, List<Cut> momentary) {
      return new Text(bytes, momentary, NOTHING);
    }

    /**
     * JSON.
     *
     * @param bytes not to be changed afterwards; without blanks around names and values
     * @param momentary names of truth values; {@code null} in what is older
     */
    static Text json(byte[] bytes, List<String> momentary) {
      if (momentary.isEmpty()) {
        return new Text(bytes, List.of(), NULL);
      }
      // A quotation mark within a text is escaped, so that a name is found nowhere else.
      String ascii = new String(bytes, StandardCharsets.ISO_8859_1);
      List<Cut> cuts = new ArrayList<>(momentary.size());
      for (String name : momentary) {
        int at = ascii.indexOf("\"" + name + "\":");
        if (at >= 0) {
          int from = at + name.length() + 3;
          cuts.add(new Cut(from, from + (ascii.startsWith("true", from) ? 4 : 5)));
        }
      }
      cuts.sort(Comparator.comparingInt(Cut::from));
      return jsonCut(bytes, cuts);
    }

    /** JSON, with where those values stand. */
    static Text jsonCut(byte[] bytes, List<Cut> momentary) {
      return new Text(bytes, momentary, NULL);
    }

    /** Not to be changed. */
    byte[] bytes() {
      return bytes;
    }

    List<Cut> momentary() {
      return momentary;
    }

    void write(OutputStream out, boolean now) throws IOException {
      int written = 0;
      if (!now) {
        for (Cut cut : momentary) {
          out.write(bytes, written, cut.from() - written);
          out.write(instead);
          written = cut.to();
        }
      }
      out.write(bytes, written, bytes.length - written);
    }
  }

  private final String id;
  private final @Nullable Text json;
  private final boolean hidden;
  private final @Nullable Instant sortTime;
  private final Text xml;

  Item(String id, @Nullable Text json, boolean hidden, @Nullable Instant sortTime, Text xml) {
    this.id = id;
    this.json = json;
    this.hidden = hidden;
    this.sortTime = sortTime;
    this.xml = xml;
  }

  static Item shown(String id, Text json, @Nullable Instant sortTime, Text xml) {
    return new Item(id, json, false, sortTime, xml);
  }

  /** One that is for professionals only. */
  static Item hidden(String id, Text xml) {
    return new Item(id, null, true, null, xml);
  }

  /** One that no read model can be made of. */
  static Item unreadable(String id, Text xml) {
    return new Item(id, null, false, null, xml);
  }

  /** Whether the read model shows it. */
  public boolean isShown() {
    return json != null;
  }

  /** Whether the read model lacks it, though it should be shown. */
  boolean isUnreadable() {
    return json == null && !hidden;
  }

  /** Whether the source says that the resident is not to see it. */
  public boolean isHidden() {
    return hidden;
  }

  /** The id in the read model; empty where there is none. */
  public String id() {
    return id;
  }

  /** The id of the record that it is, see {@link Readers#recordOf}. */
  public String record() {
    return Readers.recordOf(id);
  }

  /** Its place among others; {@code null} for those that stand last. */
  public @Nullable Instant sortTime() {
    return sortTime;
  }

  @Nullable Text json() {
    return json;
  }

  Text xml() {
    return xml;
  }

  /**
   * Writes the item of the read model in UTF-8.
   *
   * @param now whether what holds for a moment only is told
   * @throws IllegalStateException if the read model does not show it
   */
  public void writeJson(OutputStream out, boolean now) throws IOException {
    if (json == null) {
      throw new IllegalStateException("the read model does not show this item");
    }
    json.write(out, now);
  }

  /**
   * Writes the producer's own XML in UTF-8, with all its namespaces declared on it.
   *
   * @param now whether what holds for a moment only is told
   */
  public void writeXml(OutputStream out, boolean now) throws IOException {
    xml.write(out, now);
  }

  /** What the producer wrote, without what holds for a moment only; for comparing. */
  ByteBuffer lasting() {
    byte[] bytes = xml.bytes();
    ByteBuffer lasting = ByteBuffer.allocate(bytes.length);
    int read = 0;
    for (Cut cut : xml.momentary()) {
      lasting.put(bytes, read, cut.from() - read);
      read = cut.to();
    }
    return lasting.put(bytes, read, bytes.length - read).flip();
  }
}
