package se.samflode.lab;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.v25.message.ACK;
import ca.uhn.hl7v2.model.v25.segment.ERR;
import ca.uhn.hl7v2.model.v25.segment.MSA;
import ca.uhn.hl7v2.model.v25.segment.MSH;
import ca.uhn.hl7v2.util.Terser;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.Receipt.Outcome;
import se.samflode.lab.Receipt.StoredRecord;

/**
 * Acknowledgements of HL7 v2 in the original mode: AA for what is stored, AE for what is wrong or
 * must be sent again, AR for what should never come here. Each fault is an ERR, and so is, beside
 * AA, each answer that does not stand, or only by its arrival; its words repeat nothing of the
 * message. Stateless, thread-safe. Source: HL7 v2.5, sections 2.9.2 and 2.15.5.
 */
final class Hl7Ack {

  /** Table 0357. */
  private static final String ACCEPTED = "0";

  private static final String MISSING_FIELD = "101";
  private static final String DATA_TYPE = "102";
  private static final String MESSAGE_TYPE = "200";
  private static final String UNKNOWN_KEY = "204";
  private static final String DUPLICATE_KEY = "205";
  private static final String INTERNAL_ERROR = "207";

  private static final Pattern LOCATION =
      Pattern.compile(
          "(?<segment>[A-Z][A-Z0-9]{2})(?:\\[(?<number>[0-9]+)])?(?:-(?<field>[0-9]+))?");

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmssXX");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final @Nullable Hl7Header to;
  private final InstantSource clock;

  /**
   * @param to the header of the message; {@code null} if it could not be read
   */
  Hl7Ack(@Nullable Hl7Header to, InstantSource clock) {
    this.to = to;
    this.clock = clock;
  }

  /** What has become of a message. */
  byte[] of(Receipt receipt) {
    return switch (receipt) {
      case Receipt.Stored stored -> written("AA", null, remarks(stored));
      case Receipt.Rejected rejected ->
          refused(
              isRefused(rejected.faults()) ? "AR" : "AE", rejected.faults(), rejected.rejection());
    };
  }

  /** Nobody known here has sent it. */
  byte[] ofUnknownSender() {
    return refused(
        "AR",
        List.of(
            new LabFault(
                Code.SOURCE_SYSTEM, "", "the certificate is of no sender that is known here")),
        null);
  }

  /** It may be stored or not: it must be sent again. */
  byte[] sendAgain() {
    return written(
        "AE",
        null,
        List.of(
            new Remark(
                "E",
                "",
                INTERNAL_ERROR,
                null,
                null,
                "send the message again; it may not be stored")));
  }

  /**
   * An ERR.
   *
   * @param severity of table 0516
   * @param path where, as faults have it
   * @param code of table 0357
   * @param own our own code
   */
  private record Remark(
      String severity,
      String path,
      String code,
      @Nullable String own,
      @Nullable String diagnostics,
      String words) {}

  /** What a lab should know of answers that are stored. */
  private static List<Remark> remarks(Receipt.Stored stored) {
    List<Remark> remarks = new ArrayList<>();
    for (int i = 0; i < stored.records().size(); i++) {
      StoredRecord record = stored.records().get(i);
      boolean superseded = record.outcome() == Outcome.SUPERSEDED;
      if (superseded || record.conflict()) {
        String words = superseded ? "stored, and another version stands" : "stored, and it stands";
        remarks.add(
            new Remark(
                record.conflict() ? "W" : "I",
                "OBR[" + (stored.parts().indexOf(i) + 1) + "]",
                ACCEPTED,
                record.conflict() ? "conflict" : "superseded",
                null,
                record.conflict()
                    ? words + "; nothing but the order of arrival tells it from another version"
                    : words));
      }
    }
    return remarks;
  }

  private byte[] refused(String code, List<LabFault> faults, @Nullable Long rejection) {
    return written(
        code,
        // For senders from before v2.5, who know of no ERR with words.
        words(faults.getFirst()),
        faults.stream()
            .map(fault ->
                new Remark(
                    "E",
                    fault.path(),
                    code(fault.code()),
                    fault.code().code(),
                    rejection == null ? null : "rejection " + rejection,
                    words(fault)))
            .toList());
  }

  private boolean isRefused(List<LabFault> faults) {
    return to == null
        || faults.stream()
            .anyMatch(
                fault -> fault.code() == Code.UNSUPPORTED || fault.code() == Code.SOURCE_SYSTEM);
  }

  private byte[] written(String code, @Nullable String text, List<Remark> remarks) {
    ACK ack = Hl7Parser.acknowledgement();
    try {
      header(ack.getMSH());
      MSA msa = ack.getMSA();
      msa.getAcknowledgmentCode().setValue(code);
      msa.getMessageControlID().setValue(to == null ? null : to.msh().get(10, 1));
      msa.getTextMessage().setValue(text);
      for (int i = 0; i < remarks.size(); i++) {
        write(remarks.get(i), ack.getERR(i));
      }
      return ack.encode().getBytes(charset());
    } catch (HL7Exception e) {
      // Without HAPI's exception, whose text may repeat values.
      throw new IllegalStateException("HAPI cannot write an acknowledgement");
    }
  }

  private void header(MSH msh) throws HL7Exception {
    msh.getFieldSeparator().setValue("|");
    msh.getEncodingCharacters().setValue("^~\\&");
    if (to != null) {
      Hl7Segment from = to.msh();
      for (int component = 1; component <= 3; component++) {
        Terser.set(msh, 3, 0, component, 1, from.get(5, component));
        Terser.set(msh, 4, 0, component, 1, from.get(6, component));
        Terser.set(msh, 5, 0, component, 1, from.get(3, component));
        Terser.set(msh, 6, 0, component, 1, from.get(4, component));
      }
      if (to.charsetKnown()) {
        msh.getCharacterSet(0).setValue(from.get(18, 1));
      }
    }
    msh.getDateTimeOfMessage().getTime().setValue(now());
    msh.getMessageType().getMessageCode().setValue("ACK");
    msh.getMessageType().getTriggerEvent().setValue("R01");
    msh.getMessageType().getMessageStructure().setValue("ACK");
    msh.getMessageControlID().setValue(id());
    msh.getProcessingID().getProcessingID().setValue("P");
    msh.getVersionID().getVersionID().setValue("2.5");
  }

  private Charset charset() {
    return to == null ? StandardCharsets.US_ASCII : to.charset();
  }

  private String now() {
    Instant now = clock.instant();
    OffsetDateTime local = SwedishTime.at(now);
    return TIME.format(local);
  }

  /** 20 characters, as many as v2.5 has room for. */
  private static String id() {
    byte[] random = new byte[10];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static void write(Remark remark, ERR err) throws HL7Exception {
    Matcher location = LOCATION.matcher(remark.path());
    if (location.matches()) {
      err.getErrorLocation(0).getSegmentID().setValue(location.group("segment"));
      String number = location.group("number");
      err.getErrorLocation(0).getSegmentSequence().setValue(number == null ? "1" : number);
      err.getErrorLocation(0).getFieldPosition().setValue(location.group("field"));
    }
    err.getHL7ErrorCode().getIdentifier().setValue(remark.code());
    err.getHL7ErrorCode().getNameOfCodingSystem().setValue("HL70357");
    err.getSeverity().setValue(remark.severity());
    err.getApplicationErrorCode().getIdentifier().setValue(remark.own());
    err.getDiagnosticInformation().setValue(remark.diagnostics());
    err.getUserMessage().setValue(remark.words());
  }

  private static String words(LabFault fault) {
    return fault.path().isEmpty() ? fault.text() : fault.path() + ": " + fault.text();
  }

  private static String code(Code code) {
    return switch (code) {
      case MISSING -> MISSING_FIELD;
      case UNSUPPORTED -> MESSAGE_TYPE;
      case IDENTITY, SOURCE_SYSTEM -> UNKNOWN_KEY;
      case MESSAGE_ID -> DUPLICATE_KEY;
      case UNREADABLE, TOO_LARGE, INVALID -> DATA_TYPE;
      case INTERNAL -> INTERNAL_ERROR;
    };
  }
}
