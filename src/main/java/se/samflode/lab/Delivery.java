package se.samflode.lab;

import java.util.List;
import org.jspecify.annotations.Nullable;
import se.samflode.access.Sender;

/**
 * A message as it came. Its content does not print.
 *
 * @param sender who it is proven to be from
 * @param way how it came
 * @param format what it claims to be
 * @param content its bytes; not to be changed
 * @param place where it stands for good, with blanks, which no message's own id has: what is read
 *     from one place is the same message again; {@code null} where it was handed over
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Delivery(
    Sender sender, Way way, Format format, byte[] content, @Nullable String place) {

  /** One that was handed over. */
  public Delivery(Sender sender, Way way, Format format, byte[] content) {
    this(sender, way, format, content, null);
  }

  /** How messages come. */
  public enum Way {
    /** FHIR over HTTP. */
    HTTP,
    /** FHIR over Kafka. */
    KAFKA,
    /** HL7 v2 over MLLP. */
    MLLP
  }

  /** What messages are written in. */
  public enum Format {
    /** A FHIR Bundle as JSON. */
    FHIR_JSON,
    /** A FHIR Bundle as XML. */
    FHIR_XML,
    /** ORU^R01 of HL7 v2.5. */
    HL7_V2
  }

  /**
   * What a message says.
   *
   * @param id the sender's own id of the message, 1 to 200 characters; {@code null} where the
   *     format has none that tells messages apart
   * @param reports 1 to 1,000
   * @param parts for each part of the message that may be answered for itself, an entry or an OBR,
   *     which of the reports it is of; -1 for none
   */
  public record Read(@Nullable String id, List<LabReport> reports, List<Integer> parts) {

    /** Copies the lists. */
    public Read {
      reports = List.copyOf(reports);
      parts = List.copyOf(parts);
    }
  }

  @Override
  public String toString() {
    return "Delivery[" + sender.id() + ", " + way + "]";
  }
}
