package se.samflode.federation;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import se.samflode.readmodel.Booking;

/** One item of a fragment: as it is served, and as the producer wrote it. Immutable. */
public final class Item {

  private final Booking booking;
  private final @Nullable Instant sortTime;
  private final byte[] xml;

  Item(Booking booking, @Nullable Instant sortTime, byte[] xml) {
    this.booking = booking;
    this.sortTime = sortTime;
    this.xml = xml;
  }

  /** The item of the read model. */
  public Booking booking() {
    return booking;
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
