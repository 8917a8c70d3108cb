package se.samflode.lab;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import se.samflode.access.Sender;
import se.samflode.access.Senders;
import se.samflode.identity.LogicalAddress;
import se.samflode.lab.LabFault.Code;

/**
 * Reads ORU^R01 of HL7 v2.3 to v2.5.1. What is read from which field stands in docs/labs.md.
 *
 * <p>MSH-10 is required and answered, but is no id of the message for us: many systems begin anew
 * with their numbers, so only the content tells messages apart. The time of a version is OBR-22 and
 * never MSH-7, which changes each time a message is sent again. Thread-safe.
 */
@Component
final class Hl7Results implements ResultFormat {

  private static final Set<String> VERSIONS = Set.of("2.3", "2.3.1", "2.4", "2.5", "2.5.1");

  private final Senders senders;
  private final Clock clock;

  Hl7Results(Senders senders, Clock clock) {
    this.senders = senders;
    this.clock = clock;
  }

  @Override
  public Set<Delivery.Format> formats() {
    return Set.of(Delivery.Format.HL7_V2);
  }

  @Override
  public Delivery.Read read(Delivery delivery) throws LabRejected {
    Hl7Header header = Hl7Header.of(delivery.content());
    if (header == null) {
      throw noMessage(delivery.content());
    }
    try {
      return read(delivery, header);
    } catch (LabRejected e) {
      throw e.of(header.msh().get(10, 1));
    }
  }

  private Delivery.Read read(Delivery delivery, Hl7Header header) throws LabRejected {
    Hl7Segment msh = header.msh();
    if (!"ORU".equals(msh.get(9, 1)) || !"R01".equals(msh.get(9, 2))) {
      throw new LabRejected(Code.UNSUPPORTED, msh.path(9), "only ORU^R01 is taken");
    }
    checkVersion(msh);
    String mode = msh.get(11, 1);
    if (mode != null && !mode.equals("P")) {
      throw new LabRejected(
          Code.UNSUPPORTED, msh.path(11), "only messages of production (P) are taken");
    }
    if (msh.get(10, 1) == null) {
      throw new LabRejected(Code.MISSING, msh.path(10), "the message has no control id");
    }
    if (msh.get(14, 1) != null) {
      throw new LabRejected(Code.UNSUPPORTED, msh.path(14), "send the message as a whole");
    }
    String text = header.text(delivery.content());
    String sourceSystem = sourceSystem(delivery.sender(), msh);
    List<Hl7Segment> segments = Hl7Parser.segments(text, header);
    return new Hl7Reading(msh, sourceSystem, clock).read(segments);
  }

  private static LabRejected noMessage(byte[] content) {
    String start = new String(content, 0, Math.min(3, content.length), StandardCharsets.ISO_8859_1);
    return start.equals("FHS") || start.equals("BHS")
        ? new LabRejected(
            Code.UNSUPPORTED, start, "batches are not taken; send each message by itself")
        : new LabRejected(Code.UNREADABLE, "MSH", "the message does not begin with a whole MSH");
  }

  private static void checkVersion(Hl7Segment msh) throws LabRejected {
    String version = msh.get(12, 1);
    if (version == null) {
      throw new LabRejected(Code.MISSING, msh.path(12), "the message names no version of HL7");
    }
    if (!VERSIONS.contains(version)) {
      throw new LabRejected(
          Code.UNSUPPORTED, msh.path(12), "only HL7 2.3 to 2.5.1 are taken; send 2.5");
    }
  }

  /** As its sender's entry spells it. */
  private String sourceSystem(Sender sender, Hl7Segment msh) throws LabRejected {
    List<String> named =
        Stream.of(msh.get(3, 1), msh.get(3, 2)).flatMap(Stream::ofNullable).toList();
    for (String name : named) {
      Sender.SourceSystem own = sender.sourceSystem(name).orElse(null);
      if (own != null) {
        return own.address().value();
      }
    }
    if (sender.sourceSystems().size() > 1 || named.stream().anyMatch(this::isOfAnother)) {
      throw new LabRejected(
          Code.SOURCE_SYSTEM,
          msh.path(3),
          "name the HSA-id of a source system that you may push for");
    }
    return sender.sourceSystems().getFirst().address().value();
  }

  /** Most senders name a product here, which is no source system of anybody. */
  private boolean isOfAnother(String name) {
    return name.length() <= LogicalAddress.MAX_LENGTH
        && senders.pushing(new LogicalAddress(name)).isPresent();
  }
}
