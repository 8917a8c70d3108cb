package se.samflode.lab;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which version of a record stands. Stateless, thread-safe.
 *
 * <p>The first row that tells two versions apart decides:
 *
 * <ol>
 *   <li>The issue: a withdrawal ends every version that arrived before it, and every version that
 *       is not later than itself. One without a sequence does so whatever the sequence of the
 *       other, one with a sequence among those of its own. Later is what has a greater sequence
 *       than all that had come with the withdrawal, and where sequences do not tell, what has a
 *       later time: it is the record issued anew. So neither a clock that was wrong nor a
 *       withdrawal with the time of what it withdraws keeps anything in sight. A version that
 *       withdraws some of its analyses ends others likewise, since they may show what it withdraws;
 *       of two such versions that of the later time, else of the later arrival, ends the other.
 *   <li>The source's own sequence: the greater. One with a sequence stands over one without.
 *   <li>Whom it is about: of versions about different residents the one of the later time, else of
 *       the later arrival. Whatever its status, it says who it is.
 *   <li>The status: corrected and amended over final and cancelled over preliminary and partial
 *       over registered and unknown.
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
   * @param partlyWithdrawn whether it withdraws some of its analyses, and not the whole answer
   * @param resident the identity that it is about
   */
  record Candidate(
      int number,
      @Nullable Long sequence,
      ReportStatus status,
      boolean partlyWithdrawn,
      @Nullable Instant time,
      Instant arrived,
      String resident) {

    Instant effective() {
      return Objects.requireNonNullElse(time, arrived);
    }

    private boolean isWithdrawal() {
      return status == ReportStatus.WITHDRAWN;
    }

    /** Whether nothing but the arrival tells it from another of the same issue. */
    boolean isLevelWith(Candidate other) {
      return Objects.equals(sequence, other.sequence)
          && status.rank() == other.status.rank()
          && effective().equals(other.effective());
    }

    @Override
    public String toString() {
      return "Candidate[" + number + ", " + status + "]";
    }
  }

  /**
   * @param conflict whether the arrival alone decided between it and another
   */
  record Decision(Candidate standing, boolean conflict) {}

  private static final Comparator<Candidate> BY_TIME =
      Comparator.comparing(Candidate::effective).thenComparingInt(Candidate::number);

  private static final Comparator<Candidate> BY_RANK =
      Comparator.<Candidate>comparingInt(c -> c.status().rank()).thenComparing(BY_TIME);

  /**
   * @param versions all of one record, 1 or more
   */
  static Decision of(Collection<Candidate> versions) {
    List<Candidate> newest =
        ofTheGreatestSequence(
            versions.stream().filter(c -> c.isWithdrawal() || !isEnded(c, versions)).toList());
    List<Candidate> anew = newest.stream().filter(c -> !c.isWithdrawal()).toList();
    List<Candidate> issued = ofTheResident(anew.isEmpty() ? newest : anew);
    Candidate standing = issued.stream().max(BY_RANK).orElseThrow();
    boolean conflict =
        !standing.isWithdrawal()
            && issued.stream()
                .anyMatch(
                    other -> other.number() != standing.number() && other.isLevelWith(standing));
    return new Decision(standing, conflict);
  }

  private static List<Candidate> ofTheResident(List<Candidate> versions) {
    String resident = versions.stream().max(BY_TIME).orElseThrow().resident();
    return versions.stream().filter(c -> c.resident().equals(resident)).toList();
  }

  private static boolean isEnded(Candidate version, Collection<Candidate> versions) {
    return versions.stream()
        .filter(w -> w.isWithdrawal() || endsInPart(w, version))
        .filter(w -> w.sequence() == null || w.sequence().equals(version.sequence()))
        .anyMatch(withdrawal -> !isAnewAfter(withdrawal, version, versions));
  }

  /** Two versions that each withdraw something must not end each other. */
  private static boolean endsInPart(Candidate withdrawal, Candidate version) {
    return withdrawal.partlyWithdrawn()
        && (!version.partlyWithdrawn() || BY_TIME.compare(withdrawal, version) > 0);
  }

  private static boolean isAnewAfter(
      Candidate withdrawal, Candidate version, Collection<Candidate> versions) {
    if (version.number() <= withdrawal.number()) {
      return false;
    }
    Long before =
        greatestSequence(versions.stream().filter(c -> c.number() <= withdrawal.number()));
    Long own = version.sequence();
    if (before == null || own == null || own.equals(before)) {
      return version.effective().isAfter(withdrawal.effective());
    }
    return own > before;
  }

  private static List<Candidate> ofTheGreatestSequence(List<Candidate> versions) {
    Long greatest = greatestSequence(versions.stream());
    return versions.stream().filter(c -> Objects.equals(c.sequence(), greatest)).toList();
  }

  private static @Nullable Long greatestSequence(Stream<Candidate> versions) {
    return versions
        .map(Candidate::sequence)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }
}
