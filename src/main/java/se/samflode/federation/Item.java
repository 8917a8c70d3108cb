package se.samflode.federation;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import se.samflode.readmodel.ReadModelItem;

/** One item of a fragment: as it is served, and as the producer wrote it. Immutable. */
public final class Item {

  private final @Nullable ReadModelItem model;
  private final boolean hidden;
  private final @Nullable Instant sortTime;
  private final byte[] xml;

  private Item(
      @Nullable ReadModelItem model, boolean hidden, @Nullable Instant sortTime, byte[] xml) {
    this.model = model;
    this.hidden = hidden;
    this.sortTime = sortTime;
    this.xml = xml;
  }

  static Item shown(ReadModelItem model, @Nullable Instant sortTime, byte[] xml) {
    return new Item(model, false, sortTime, xml);
  }

  /** One that is for professionals only. */
  static Item hidden(byte[] xml) {
    return new Item(null, true, null, xml);
  }

  /** One that no read model can be made of. */
  static Item unreadable(byte[] xml) {
    return new Item(null, false, null, xml);
  }

  /** The item of the read model; {@code null} where there is none to show. */
  public @Nullable ReadModelItem model() {
    return model;
  }

  /** Whether the read model lacks it, though it should be shown. */
  boolean isUnreadable() {
    return model == null && !hidden;
  }

  /** The id in the read model; empty where there is none. */
  public String id() {
    return model == null ? "" : model.id();
  }

  /** Its place among others; {@code null} for those that stand last. */
  public @Nullable Instant sortTime() {
    return sortTime;
  }

  /** Writes the producer's own XML in UTF-8, with all its namespaces declared on it. */
  public void writeXml(OutputStream out) throws IOException {
    out.write(xml);
  }
}
