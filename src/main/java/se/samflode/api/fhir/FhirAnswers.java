package se.samflode.api.fhir;

import ca.uhn.fhir.parser.IParser;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.MessageHeader.ResponseType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.OperationOutcome.OperationOutcomeIssueComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.UriType;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import se.samflode.lab.FhirR4;
import se.samflode.lab.LabFault;
import se.samflode.lab.Receipt;
import se.samflode.lab.Receipt.StoredRecord;

/** Answers in FHIR R4. Stateless, thread-safe. */
final class FhirAnswers {

  static final String JSON = "application/fhir+json";
  static final String XML = "application/fhir+xml";

  /** What the answer to a message says of what has happened. */
  private static final String EVENT = "urn:samflode:lab-results-receipt";

  private static final String FAULTS = "urn:samflode:lab-fault";
  private static final String OUTCOMES = "urn:samflode:lab-outcome";

  private FhirAnswers() {}

  /** The answer to a transaction: for each entry that it is stored, and what became of a report. */
  static Bundle transaction(Receipt.Stored stored) {
    Bundle answer = new Bundle().setType(BundleType.TRANSACTIONRESPONSE);
    for (int record : stored.parts()) {
      Bundle.BundleEntryResponseComponent response = answer.addEntry().getResponse();
      if (record < 0) {
        response.setStatus("200 OK");
      } else {
        StoredRecord told = stored.records().get(record);
        response
            .setStatus(told.outcome() == Receipt.Outcome.KNOWN ? "200 OK" : "201 Created")
            .setOutcome(new OperationOutcome().addIssue(issue(told)));
      }
    }
    return answer;
  }

  /** The answer to a message. */
  static Bundle message(Receipt.Stored stored) {
    OperationOutcome outcome = new OperationOutcome();
    stored.records().forEach(record -> outcome.addIssue(issue(record)));
    String outcomeUrl = "urn:uuid:" + UUID.randomUUID();
    MessageHeader header = new MessageHeader();
    header.setId(UUID.randomUUID().toString());
    header.setEvent(new UriType(EVENT));
    header.getSource().setEndpoint("urn:samflode");
    header
        .getResponse()
        .setIdentifier(stored.messageId())
        .setCode(ResponseType.OK)
        .setDetails(new Reference(outcomeUrl));
    Bundle answer = new Bundle().setType(BundleType.MESSAGE);
    answer
        .addEntry()
        .setFullUrl("urn:uuid:" + header.getIdElement().getIdPart())
        .setResource(header);
    answer.addEntry().setFullUrl(outcomeUrl).setResource(outcome);
    return answer;
  }

  private static OperationOutcomeIssueComponent issue(StoredRecord record) {
    OperationOutcomeIssueComponent issue = new OperationOutcomeIssueComponent();
    issue
        .setSeverity(record.conflict() ? IssueSeverity.WARNING : IssueSeverity.INFORMATION)
        .setCode(record.conflict() ? IssueType.CONFLICT : IssueType.INFORMATIONAL)
        .getDetails()
        .addCoding()
        .setSystem(OUTCOMES)
        .setCode(lower(record.outcome()));
    issue.setDiagnostics(
        record.recordId()
            + " of "
            + record.sourceSystem()
            + ": "
            + switch (record.outcome()) {
              case STANDS -> "stored, and it stands";
              case SUPERSEDED -> "stored, and a version that came before stands";
              case KNOWN -> "this content was stored before";
            }
            + (record.conflict()
                ? "; nothing but the order of arrival tells it from another version"
                : ""));
    return issue;
  }

  /** Why a message is not taken. */
  static OperationOutcome rejected(Receipt.Rejected rejected) {
    OperationOutcome outcome = new OperationOutcome();
    for (LabFault fault : rejected.faults()) {
      OperationOutcomeIssueComponent issue = outcome.addIssue();
      issue
          .setSeverity(IssueSeverity.ERROR)
          .setCode(type(fault.code()))
          .setDiagnostics(
              fault.text()
                  + (rejected.rejection() == null
                      ? ""
                      : " (rejection " + rejected.rejection() + ")"))
          .getDetails()
          .addCoding()
          .setSystem(FAULTS)
          .setCode(fault.code().code());
      if (!fault.path().isEmpty()) {
        issue.addExpression(fault.path());
      }
    }
    return outcome;
  }

  /** The HTTP status of why a message is not taken. */
  static HttpStatus status(List<LabFault> faults) {
    return switch (faults.getFirst().code()) {
      case UNREADABLE -> HttpStatus.BAD_REQUEST;
      case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
      case SOURCE_SYSTEM -> HttpStatus.FORBIDDEN;
      case MESSAGE_ID -> HttpStatus.CONFLICT;
      case INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
      case UNSUPPORTED, MISSING, INVALID, IDENTITY -> HttpStatus.UNPROCESSABLE_CONTENT;
    };
  }

  private static IssueType type(LabFault.Code code) {
    return switch (code) {
      case UNREADABLE -> IssueType.STRUCTURE;
      case TOO_LARGE -> IssueType.TOOLONG;
      case UNSUPPORTED -> IssueType.NOTSUPPORTED;
      case MISSING -> IssueType.REQUIRED;
      case INVALID, IDENTITY -> IssueType.VALUE;
      case SOURCE_SYSTEM -> IssueType.FORBIDDEN;
      case MESSAGE_ID -> IssueType.DUPLICATE;
      case INTERNAL -> IssueType.EXCEPTION;
    };
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }

  /** An outcome of one issue. */
  static OperationOutcome outcome(IssueType type, String text) {
    OperationOutcome outcome = new OperationOutcome();
    outcome.addIssue().setSeverity(IssueSeverity.ERROR).setCode(type).setDiagnostics(text);
    return outcome;
  }

  /**
   * Writes the whole answer, in XML where the caller takes that, or has sent it and takes anything.
   */
  static void write(
      HttpServletRequest request,
      HttpServletResponse response,
      HttpStatus status,
      IBaseResource resource)
      throws IOException {
    boolean xml = wantsXml(request);
    IParser parser = xml ? FhirR4.context().newXmlParser() : FhirR4.context().newJsonParser();
    byte[] body = parser.encodeResourceToString(resource).getBytes(StandardCharsets.UTF_8);
    response.resetBuffer();
    response.setStatus(status.value());
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setContentType((xml ? XML : JSON) + ";charset=UTF-8");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
    response.flushBuffer();
  }

  private static boolean wantsXml(HttpServletRequest request) {
    String accepted = lower(request.getHeader(HttpHeaders.ACCEPT));
    if (accepted.contains("json")) {
      return false;
    }
    return accepted.contains("xml") || lower(request.getContentType()).contains("xml");
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }
}
