package se.samflode.api.fhir;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import se.samflode.access.Sender;
import se.samflode.api.Room;
import se.samflode.api.Rooms;
import se.samflode.index.IndexUnavailable;
import se.samflode.lab.Delivery;
import se.samflode.lab.FhirR4;
import se.samflode.lab.LabIntake;
import se.samflode.lab.LabSettings;
import se.samflode.lab.Receipt;

/**
 * {@code POST /fhir/R4} and {@code POST /fhir/R4/$process-message}: takes Bundles with results. 200
 * means that all of it is stored and visible on every node, 503 that nobody knows, any other answer
 * that nothing of it is.
 */
@RestController
class LabResultsController {

  private static final Logger LOG = LoggerFactory.getLogger(LabResultsController.class);

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final int PART = 16 * 1024;

  private final LabIntake intake;
  private final Room room;
  private final int largest;
  private final Clock clock;
  private final CapabilityStatement capabilities;

  LabResultsController(LabIntake intake, Rooms rooms, LabSettings settings, Clock clock)
      throws IOException {
    this.intake = intake;
    this.room = rooms.labs();
    this.largest = (int) settings.largestMessage().toBytes();
    this.clock = clock;
    try (InputStream in =
        new ClassPathResource("contracts/fhir/capability-statement.json").getInputStream()) {
      this.capabilities =
          FhirR4.context().newJsonParser().parseResource(CapabilityStatement.class, in);
    }
  }

  @PostMapping({"/fhir/R4", "/fhir/R4/"})
  void transaction(
      @AuthenticationPrincipal Sender sender,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    take(sender, request, response, FhirAnswers::transaction);
  }

  @PostMapping("/fhir/R4/$process-message")
  void message(
      @AuthenticationPrincipal Sender sender,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    take(sender, request, response, FhirAnswers::message);
  }

  @GetMapping(LabSecurityRules.METADATA)
  void metadata(HttpServletRequest request, HttpServletResponse response) throws IOException {
    FhirAnswers.write(request, response, HttpStatus.OK, capabilities);
  }

  private void take(
      Sender sender,
      HttpServletRequest request,
      HttpServletResponse response,
      Function<Receipt.Stored, Bundle> answer)
      throws IOException {
    Delivery.Format format = format(request.getContentType());
    if (format == null || request.getHeader(HttpHeaders.CONTENT_ENCODING) != null) {
      FhirAnswers.write(
          request,
          response,
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          FhirAnswers.outcome(
              IssueType.NOTSUPPORTED,
              "send " + FhirAnswers.JSON + " or " + FhirAnswers.XML + ", not compressed"));
      return;
    }
    try (Room.Place place = room.enter(false)) {
      byte[] message = place == null ? null : message(request.getInputStream());
      if (place == null) {
        unavailable(request, response, "too many messages at once; send it again");
      } else if (message == null) {
        response.setHeader(HttpHeaders.CONNECTION, "close");
        FhirAnswers.write(
            request,
            response,
            HttpStatus.REQUEST_TIMEOUT,
            FhirAnswers.outcome(
                IssueType.TIMEOUT, "the message took longer than 60 s to arrive; send it again"));
      } else {
        answer(new Delivery(sender, Delivery.Way.HTTP, format, message), request, response, answer);
      }
    } catch (IndexUnavailable e) {
      e.log(LOG, UUID.randomUUID().toString());
      unavailable(
          request,
          response,
          "the database does not answer, so nobody knows whether it is stored; send it again");
    }
  }

  private void answer(
      Delivery delivery,
      HttpServletRequest request,
      HttpServletResponse response,
      Function<Receipt.Stored, Bundle> answer)
      throws IOException {
    switch (intake.take(delivery)) {
      case Receipt.Stored stored ->
          FhirAnswers.write(request, response, HttpStatus.OK, answer.apply(stored));
      case Receipt.Rejected rejected ->
          FhirAnswers.write(
              request,
              response,
              FhirAnswers.status(rejected.faults()),
              FhirAnswers.rejected(rejected));
    }
  }

  /**
   * Reads a message; one byte more than is taken is enough to be too large. It has its place
   * meanwhile, so it must not drip for ever.
   *
   * @return {@code null} if it did not arrive in time
   */
  private byte @Nullable [] message(InputStream in) throws IOException {
    Instant latest = clock.instant().plus(LONGEST);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    byte[] part = new byte[PART];
    int read = in.read(part, 0, Math.min(PART, largest + 1));
    while (read > 0) {
      message.write(part, 0, read);
      if (clock.instant().isAfter(latest)) {
        return null;
      }
      read = in.read(part, 0, Math.min(PART, largest + 1 - message.size()));
    }
    return message.toByteArray();
  }

  private static Delivery.@Nullable Format format(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    try {
      String subtype = MediaType.parseMediaType(contentType).getSubtype();
      return switch (subtype) {
        case "fhir+json", "json" -> Delivery.Format.FHIR_JSON;
        case "fhir+xml", "xml" -> Delivery.Format.FHIR_XML;
        default -> null;
      };
    } catch (org.springframework.http.InvalidMediaTypeException e) {
      return null;
    }
  }

  static void unavailable(HttpServletRequest request, HttpServletResponse response, String text)
      throws IOException {
    response.setIntHeader(HttpHeaders.RETRY_AFTER, Room.RETRY_AFTER_SECONDS);
    FhirAnswers.write(
        request,
        response,
        HttpStatus.SERVICE_UNAVAILABLE,
        FhirAnswers.outcome(IssueType.TRANSIENT, text));
  }
}
