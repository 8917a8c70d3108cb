package se.samflode.lab;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.IParser;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import se.samflode.lab.Delivery.Format;
import se.samflode.lab.LabFault.Code;

/**
 * Reads FHIR R4 Bundles with results: of type {@code transaction}, or {@code message} with a
 * MessageHeader whose id is the message's. What stands in them that is not known to FHIR, and what
 * breaks FHIR's own forms, is a fault. Thread-safe.
 */
@Component
public final class FhirResults implements ResultFormat {

  private static final FhirContext FHIR = FhirR4.context();

  /** Resources of other types would be dropped, and a sender must know that. */
  private static final Set<String> TYPES =
      Set.of(
          "DiagnosticReport",
          "Observation",
          "Specimen",
          "Patient",
          "Organization",
          "Practitioner",
          "PractitionerRole",
          "ServiceRequest",
          "MessageHeader");

  private static final int MAX_ENTRIES = 20_000;
  private static final Pattern ID = Pattern.compile("[!-~]{1,200}");

  private final InstantSource clock;

  FhirResults(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Set<Format> formats() {
    return Set.of(Format.FHIR_JSON, Format.FHIR_XML);
  }

  @Override
  public Delivery.Read read(Delivery delivery) throws LabRejected {
    Bundle bundle = bundle(delivery);
    try {
      return read(delivery, bundle);
    } catch (LabRejected e) {
      throw e.of(idOf(bundle));
    }
  }

  private Delivery.Read read(Delivery delivery, Bundle bundle) throws LabRejected {
    List<BundleEntryComponent> entries = bundle.getEntry();
    if (entries.size() > MAX_ENTRIES) {
      throw new LabRejected(
          Code.TOO_LARGE, "Bundle.entry", "a Bundle has at most " + MAX_ENTRIES + " entries");
    }
    String messageId = messageId(bundle);
    checkEntries(entries);
    FhirModifiers.refuse(bundle);
    List<LabReport> reports = new ArrayList<>();
    List<Integer> parts = new ArrayList<>();
    FhirReferences references = new FhirReferences(bundle);
    FhirReport reader = new FhirReport(references, delivery.sender(), clock);
    int analyses = 0;
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).getResource() instanceof DiagnosticReport report) {
        parts.add(reports.size());
        reports.add(reader.read(report, FhirReferences.path(i, report)));
        analyses += LabIntake.analyses(reports.getLast());
        // Many reports may share one panel, and each would be read in full.
        LabIntake.bound(analyses, "Bundle.entry");
      } else {
        parts.add(-1);
      }
    }
    if (reports.isEmpty()) {
      throw new LabRejected(
          Code.MISSING, "Bundle.entry", "there is no DiagnosticReport in this Bundle");
    }
    if (reports.size() > LabIntake.MAX_REPORTS) {
      throw new LabRejected(
          Code.TOO_LARGE,
          "Bundle.entry",
          "a Bundle has at most " + LabIntake.MAX_REPORTS + " DiagnosticReports");
    }
    refuseWhatWouldBeDropped(entries, reader);
    return new Delivery.Read(messageId, reports, parts);
  }

  /** An acknowledgement must not cover a value that nobody will see. */
  private static void refuseWhatWouldBeDropped(
      List<BundleEntryComponent> entries, FhirReport reader) throws LabRejected {
    for (int i = 0; i < entries.size(); i++) {
      Resource resource = entries.get(i).getResource();
      String at = FhirReferences.path(i, resource);
      refuseUnlessLedTo(resource, at, reader);
      if (resource instanceof DomainResource holder) {
        for (int j = 0; j < holder.getContained().size(); j++) {
          Resource contained = holder.getContained().get(j);
          refuseUnlessLedTo(
              contained, at + ".contained[" + j + "].ofType(" + contained.fhirType() + ")", reader);
        }
      }
    }
  }

  private static void refuseUnlessLedTo(Resource resource, String at, FhirReport reader)
      throws LabRejected {
    if (resource instanceof Observation observation && !reader.leadsTo(observation)) {
      throw new LabRejected(
          Code.INVALID,
          at,
          "no DiagnosticReport of this Bundle leads to this Observation by result or hasMember");
    }
  }

  private static @Nullable String messageId(Bundle bundle) throws LabRejected {
    if (bundle.getType() == Bundle.BundleType.TRANSACTION) {
      return null;
    }
    if (bundle.getType() != Bundle.BundleType.MESSAGE) {
      throw new LabRejected(
          Code.UNSUPPORTED, "Bundle.type", "send a Bundle of the type transaction or message");
    }
    if (bundle.getEntry().isEmpty()
        || !(bundle.getEntryFirstRep().getResource() instanceof MessageHeader header)) {
      throw new LabRejected(
          Code.MISSING, "Bundle.entry[0].resource", "a message begins with a MessageHeader");
    }
    String id = header.getIdElement().getIdPart();
    if (id == null || id.isBlank()) {
      throw new LabRejected(
          Code.MISSING,
          "Bundle.entry[0].resource.ofType(MessageHeader).id",
          "a MessageHeader needs an id, by which a repeated message is known");
    }
    if (!ID.matcher(id).matches()) {
      throw new LabRejected(
          Code.INVALID,
          "Bundle.entry[0].resource.ofType(MessageHeader).id",
          "an id has at most 200 letters, digits and signs of ASCII, without blanks");
    }
    return id;
  }

  /** For the answer to a message that is rejected, whatever else is wrong with it. */
  private static @Nullable String idOf(Bundle bundle) {
    return bundle.getType() == Bundle.BundleType.MESSAGE
            && bundle.getEntryFirstRep().getResource() instanceof MessageHeader header
        ? header.getIdElement().getIdPart()
        : null;
  }

  private static void checkEntries(List<BundleEntryComponent> entries) throws LabRejected {
    List<LabFault> faults = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      BundleEntryComponent entry = entries.get(i);
      Resource resource = entry.getResource();
      String at = "Bundle.entry[" + i + "]";
      if (resource == null) {
        faults.add(new LabFault(Code.MISSING, at + ".resource", "an entry needs its resource"));
      } else if (!TYPES.contains(resource.fhirType())) {
        faults.add(
            new LabFault(
                Code.UNSUPPORTED,
                at + ".resource",
                "resources of this type are not taken; taken are "
                    + String.join(", ", TYPES.stream().sorted().toList())));
      }
      HTTPVerb verb = entry.getRequest().getMethod();
      if (verb != null && verb != HTTPVerb.POST && verb != HTTPVerb.PUT) {
        faults.add(
            new LabFault(
                Code.UNSUPPORTED,
                at + ".request.method",
                "send POST or PUT; a result is withdrawn by sending it with the status"
                    + " entered-in-error"));
      }
    }
    if (!faults.isEmpty()) {
      throw new LabRejected(faults);
    }
  }

  private static Bundle bundle(Delivery delivery) throws LabRejected {
    boolean xml = delivery.format() == Format.FHIR_XML;
    String text = text(delivery.content());
    // A document type is of no use in FHIR, and its entities are.
    if (xml && text.toUpperCase(Locale.ROOT).contains("<!DOCTYPE")) {
      throw new LabRejected(Code.UNREADABLE, "", "FHIR has no document type; leave it out");
    }
    FhirFaults faults = new FhirFaults();
    IParser parser = xml ? FHIR.newXmlParser() : FHIR.newJsonParser();
    parser.setParserErrorHandler(faults);
    try {
      Bundle bundle = parser.parseResource(Bundle.class, text);
      try {
        faults.throwIfAny(xml ? null : text);
      } catch (LabRejected e) {
        throw e.of(idOf(bundle));
      }
      return bundle;
    } catch (DataFormatException | IllegalArgumentException | ClassCastException e) {
      faults.throwIfAny(xml ? null : text);
      throw new LabRejected(
          Code.UNREADABLE,
          "",
          "this is no FHIR R4 Bundle in " + (xml ? "XML" : "JSON") + "; check its syntax");
    }
  }

  private static String text(byte[] content) throws LabRejected {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new LabRejected(Code.UNREADABLE, "", "the message is not in UTF-8");
    }
  }
}
