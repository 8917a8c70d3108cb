package se.samflode.lab;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.samflode.access.Sender;
import se.samflode.lab.LabReport.Analysis;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Group;

/**
 * The versions of one record while it is changed: which are new, which of them stands, whom they
 * have been about, and from when the resident may see it. For one transaction and one thread.
 */
final class RecordVersions {

  private final Map<Integer, Standing.Candidate> candidates = new LinkedHashMap<>();
  private final Map<ByteBuffer, Integer> byDigest = new HashMap<>();
  private final List<Added> added = new ArrayList<>();
  private Standing.@Nullable Decision decision;
  private boolean conflict;
  private int stood;

  /** Those that are new, in the order given. */
  List<Added> added() {
    return added;
  }

  /** How many there are. */
  int count() {
    return candidates.size();
  }

  /** Whether nothing but the order of arrival tells the one that stands from another. */
  boolean conflict() {
    return conflict;
  }

  /**
   * Adds one that is stored already.
   *
   * @param stands whether it stood until now
   */
  void known(Standing.Candidate candidate, byte[] digest, boolean stands) {
    if (stands) {
      stood = candidate.number();
    }
    candidates.put(candidate.number(), candidate);
    byDigest.put(ByteBuffer.wrap(digest), candidate.number());
  }

  /**
   * The new version; {@code null} if its content is there already.
   *
   * @param again whether it stands in a message that was taken in before
   */
  Standing.@Nullable Candidate add(LabReport report, Instant now, boolean again) {
    String content = LabJson.write(report);
    // Some may have been erased.
    int number = candidates.isEmpty() ? 1 : Collections.max(candidates.keySet()) + 1;
    byte[] digest = LabStore.sha256(content.getBytes(StandardCharsets.UTF_8));
    if (byDigest.containsKey(ByteBuffer.wrap(digest))) {
      if (again || !isWithdrawnAgain(report)) {
        return null;
      }
      digest = LabStore.sha256((number + content).getBytes(StandardCharsets.UTF_8));
    }
    Standing.Candidate candidate =
        new Standing.Candidate(
            number,
            report.sequence(),
            report.status(),
            report.isPartlyWithdrawn(),
            report.time(),
            now,
            report.resident());
    known(candidate, digest, false);
    added.add(new Added(SourceRecord.of(report), candidate, report, content, digest));
    return candidate;
  }

  /**
   * Of a version that came before, whether it counts once more, since it withdraws what has been
   * issued anew since.
   */
  private boolean isWithdrawnAgain(LabReport report) {
    if (!report.withdrawsWithoutTime()) {
      return false;
    }
    Standing.Candidate stands = Standing.of(candidates.values()).standing();
    return stands.status() != ReportStatus.WITHDRAWN
        && (report.status() == ReportStatus.WITHDRAWN || !stands.partlyWithdrawn());
  }

  void decide() {
    Standing.Decision decided = Standing.of(candidates.values());
    decision = decided;
    conflict = decided.conflict();
  }

  Standing.Candidate standing() {
    if (decision == null) {
      throw new IllegalStateException("nothing is decided yet");
    }
    return decision.standing();
  }

  /** Whether what stands did so before: it may not, since an earlier release decided otherwise. */
  boolean stoodBefore() {
    return standing().number() == stood;
  }

  String standingResident() {
    return standing().resident();
  }

  boolean isWithdrawn() {
    return standing().status() == ReportStatus.WITHDRAWN;
  }

  /** Everyone whom one of its versions has been about. */
  Set<String> residents() {
    return candidates.values().stream()
        .map(Standing.Candidate::resident)
        .collect(Collectors.toUnmodifiableSet());
  }

  boolean standingIsNew() {
    return added.stream().anyMatch(a -> a.candidate().number() == standing().number());
  }

  String reason() {
    return added.stream()
        .filter(a -> a.candidate().number() == standing().number())
        .map(a -> a.report().withdrawalReason())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("it was withdrawn by its source");
  }

  /**
   * When the resident may see it, by the types of the version that stands; {@code null} where that
   * is not new.
   */
  @Nullable Instant release(Sender sender, SourceRecord key) {
    LabReport report =
        added.stream()
            .filter(a -> a.candidate().number() == standing().number())
            .map(Added::report)
            .findFirst()
            .orElse(null);
    if (report == null) {
      return null;
    }
    return firstAnswer()
        .plus(sender.sourceSystem(key.sourceSystem()).orElseThrow().heldBack(types(report)));
  }

  /** The arrival of the first version that is more than a note that the order has come. */
  private Instant firstAnswer() {
    return candidates.values().stream()
        .filter(candidate ->
            candidate.status() != ReportStatus.REGISTERED
                && candidate.status() != ReportStatus.WITHDRAWN)
        .map(Standing.Candidate::arrived)
        .min(Comparator.naturalOrder())
        .orElseGet(() -> standing().arrived());
  }

  /** A record's key: source system and record id, in the order in which they are locked. */
  record SourceRecord(String sourceSystem, String recordId) implements Comparable<SourceRecord> {

    static SourceRecord of(LabReport report) {
      return new SourceRecord(report.sourceSystem(), report.recordId());
    }

    static SourceRecord of(ResultSet row) throws SQLException {
      return new SourceRecord(row.getString("source_system"), row.getString("record_id"));
    }

    @Override
    public int compareTo(SourceRecord other) {
      int bySystem = sourceSystem.compareTo(other.sourceSystem);
      return bySystem == 0 ? recordId.compareTo(other.recordId) : bySystem;
    }
  }

  /** A version that is not there yet. */
  record Added(
      SourceRecord key,
      Standing.Candidate candidate,
      LabReport report,
      String content,
      @SuppressWarnings("ArrayRecordComponent") byte[] digest) {}

  /** Codes and words of all that an answer is said to be about. */
  static Set<String> types(LabReport report) {
    Set<String> types = new HashSet<>();
    add(types, report.type());
    add(types, report.discipline());
    for (Group group : report.groups()) {
      add(types, group.code());
      group.within().forEach(outer -> add(types, outer));
      for (Analysis analysis : group.analyses()) {
        add(types, analysis.code());
        analysis.findings().forEach(finding -> add(types, finding.part()));
      }
    }
    return types;
  }

  private static void add(Set<String> types, @Nullable Coded coded) {
    if (coded != null) {
      Stream.of(coded.code(), coded.display()).filter(Objects::nonNull).forEach(types::add);
      coded.also().forEach(other -> add(types, other));
    }
  }
}
