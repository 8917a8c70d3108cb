package se.samflode.lab;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides which version of a record stands. Stateless, thread-safe.
 *
 * <p>The first row that tells two versions apart decides:
 *
 * <ol>
 *   <li>The source's own sequence: the greater. One with a sequence stands over one without.
 *   <li>The issue: a withdrawal ends every version that arrived before it, and every version that
 *       is not later than itself by the source's time. One that is later in both is the record
 *       issued anew. So neither a clock that was wrong nor a withdrawal with the time of what it
 *       withdraws keeps anything in sight.
 *   <li>The status: withdrawn over corrected and amended over final and cancelled over preliminary
 *       and partial over registered and unknown.
 *   <li>The source's time, else that of the arrival: the later.
 *   <li>The arrival: the later. Between versions that were told apart by nothing else this is a
 *       conflict, which is reported.
 * </ol>
 */
final class Standing {

  private Standing() {}

  /**
   * What counts of a version.
   *
   * @param number of the version in its record, in the order of arrivals, 1 or more
   */
  record Candidate(
      int number,
      @Nullable Long sequence,
      ReportStatus status,
      @Nullable Instant time,
      Instant arrived) {

    Instant effective() {
      return Objects.requireNonNullElse(time, arrived);
    }

    private boolean isLevelWith(Candidate other) {
      return Objects.equals(sequence, other.sequence)
          && status.rank() == other.status.rank()
          && effective().equals(other.effective());
    }
  }

  /**
   * @param conflict whether the arrival alone decided between it and another
   */
  record Decision(Candidate standing, boolean conflict) {}

  private static final Comparator<Candidate> BY_RANK =
      Comparator.<Candidate>comparingInt(c -> c.status().rank())
          .thenComparing(Candidate::effective)
          .thenComparingInt(Candidate::number);

  /**
   * @param versions all of one record, 1 or more
   */
  static Decision of(Collection<Candidate> versions) {
    List<Candidate> newest = ofTheGreatestSequence(versions);
    List<Candidate> issued = issuedAfterTheLastWithdrawal(newest);
    Candidate standing = issued.stream().max(BY_RANK).orElseThrow();
    boolean conflict =
        issued.stream()
            .anyMatch(other -> other.number() != standing.number() && other.isLevelWith(standing));
    return new Decision(standing, conflict);
  }

  private static List<Candidate> ofTheGreatestSequence(Collection<Candidate> versions) {
    @Nullable Long greatest =
        versions.stream()
            .map(Candidate::sequence)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null);
    return versions.stream().filter(c -> Objects.equals(c.sequence(), greatest)).toList();
  }

  private static List<Candidate> issuedAfterTheLastWithdrawal(List<Candidate> versions) {
    List<Candidate> withdrawals =
        versions.stream().filter(c -> c.status() == ReportStatus.WITHDRAWN).toList();
    if (withdrawals.isEmpty()) {
      return versions;
    }
    List<Candidate> anew =
        versions.stream()
            .filter(c -> withdrawals.stream().allMatch(w -> isAnewAfter(w, c)))
            .toList();
    return anew.isEmpty() ? withdrawals : anew;
  }

  private static boolean isAnewAfter(Candidate withdrawal, Candidate version) {
    return version.number() > withdrawal.number()
        && version.effective().isAfter(withdrawal.effective());
  }
}
