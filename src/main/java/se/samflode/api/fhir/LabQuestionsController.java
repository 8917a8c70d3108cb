package se.samflode.api.fhir;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import se.samflode.access.Sender;
import se.samflode.lab.LabFault;
import se.samflode.lab.LabIntake;
import se.samflode.lab.LabRecords;
import se.samflode.lab.LabRecords.HeldRecord;
import se.samflode.lab.LabRecords.Mark;
import se.samflode.lab.Receipt;
import se.samflode.lab.Rejections;
import se.samflode.lab.Rejections.Rejection;

/**
 * What a sender can ask: which records of its own are held, what was rejected and why; and have a
 * rejected message taken again. Source: contracts/openapi/labs-v1.yaml.
 */
@RestController
class LabQuestionsController {

  private static final int MAX_PAGE = 1_000;
  private static final int MAX_CURSOR = 1_000;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final LabRecords records;
  private final Rejections rejections;
  private final LabIntake intake;

  LabQuestionsController(LabRecords records, Rejections rejections, LabIntake intake) {
    this.records = records;
    this.rejections = rejections;
    this.intake = intake;
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Records(long count, List<HeldRecord> records, @Nullable String next) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Rejected(List<Rejection> rejected, @Nullable String next) {}

  record Again(String outcome, List<LabFault> faults) {}

  @GetMapping("/labs/v1/records")
  Records records(
      @AuthenticationPrincipal Sender sender,
      @RequestParam String since,
      @RequestParam(defaultValue = "100") int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Instant from = instant(since);
    int most = bounded(limit);
    List<HeldRecord> page =
        records.list(sender, from, cursor == null ? null : mark(cursor), most + 1);
    List<HeldRecord> told = page.subList(0, Math.min(most, page.size()));
    return new Records(
        records.count(sender, from), told, page.size() > most ? cursor(told.getLast()) : null);
  }

  @GetMapping("/labs/v1/rejected")
  Rejected rejected(
      @AuthenticationPrincipal Sender sender,
      @RequestParam String since,
      @RequestParam(defaultValue = "100") int limit,
      @RequestParam(defaultValue = "0") long cursor) {
    int most = bounded(limit);
    List<Rejection> page = rejections.list(sender, instant(since), cursor, most + 1);
    List<Rejection> told = page.subList(0, Math.min(most, page.size()));
    return new Rejected(told, page.size() > most ? String.valueOf(told.getLast().id()) : null);
  }

  @PostMapping("/labs/v1/rejected/{id}/resend")
  ResponseEntity<Again> resend(@AuthenticationPrincipal Sender sender, @PathVariable long id) {
    return switch (intake
        .takeAgain(sender, id, "sender " + sender.id())
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND))) {
      case Receipt.Stored stored -> ResponseEntity.ok(new Again("stored", List.of()));
      case Receipt.Rejected rejected ->
          ResponseEntity.unprocessableContent().body(new Again("rejected", rejected.faults()));
    };
  }

  private static int bounded(int limit) {
    if (limit < 1 || limit > MAX_PAGE) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
    }
    return limit;
  }

  private static Instant instant(String since) {
    try {
      return storable(OffsetDateTime.parse(since).toInstant());
    } catch (DateTimeException e) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
    }
  }

  /** A time of which PostgreSQL knows. */
  private static Instant storable(Instant time) {
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
      throw new DateTimeException("not between 1970 and 9999");
    }
    return time;
  }

  private static String cursor(HeldRecord last) {
    String mark = last.changed() + "|" + last.sourceSystem() + "|" + last.recordId();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(mark.getBytes(StandardCharsets.UTF_8));
  }

  private static Mark mark(String cursor) {
    if (cursor.length() > MAX_CURSOR) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
    }
    try {
      String[] parts =
          new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\\|", 3);
      if (parts[1].indexOf('\0') >= 0 || parts[2].indexOf('\0') >= 0) {
        throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
      }
      return new Mark(storable(Instant.parse(parts[0])), parts[1], parts[2]);
    } catch (IllegalArgumentException
        | DateTimeException
        | ArrayIndexOutOfBoundsException notOurs) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
    }
  }
}
