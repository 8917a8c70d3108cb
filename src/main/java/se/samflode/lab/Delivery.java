package se.samflode.lab;

import org.jspecify.annotations.Nullable;
import se.samflode.access.Sender;

/**
 * A message as it came. Its content does not print.
 *
 * @param sender who it is proven to be from
 * @param way how it came
 * @param format what it claims to be
 * @param content its bytes; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Delivery(Sender sender, Way way, Format format, byte[] content) {

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
   */
  public record Read(@Nullable String id, java.util.List<LabReport> reports) {

    /** Copies the list. */
    public Read {
      reports = java.util.List.copyOf(reports);
    }
  }

  @Override
  public String toString() {
    return "Delivery[" + sender.id() + ", " + way + "]";
  }
}
