package se.samflode.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandingTest {

  private static final Instant DAY = Instant.parse("2026-11-20T00:00:00Z");

  private static final List<ReportStatus> ANY = List.of(ReportStatus.values());

  private static final List<ReportStatus> NOT_WITHDRAWN =
      Stream.of(ReportStatus.values()).filter(s -> s != ReportStatus.WITHDRAWN).toList();

  private static final List<String> RESIDENTS = List.of("one", "another");

  /**
   * Versions as {@code status@hour} or {@code status#sequence@hour}, in the order of arrivals; a
   * hyphen behind the status: it withdraws some of its analyses; a star before it: it is about
   * another resident.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PRELIMINARY@1, FINAL@2                         | 2 | false",
        "FINAL@2, PRELIMINARY@1                         | 1 | false",
        // a late preliminary, whatever time it claims
        "FINAL@2, PRELIMINARY@3                         | 1 | false",
        "FINAL@2, CORRECTED@3                           | 2 | false",
        // a correction that arrives before what it corrects
        "CORRECTED@3, FINAL@2                           | 1 | false",
        "FINAL@2, CORRECTED@3, CORRECTED@4              | 3 | false",
        "CORRECTED@4, CORRECTED@3                       | 1 | false",
        "AMENDED@3, CORRECTED@4                         | 2 | false",
        "REGISTERED@1, CANCELLED@2                      | 2 | false",
        // a withdrawal ends what came before it, and what is not later
        "FINAL@2, WITHDRAWN@3                           | 2 | false",
        "WITHDRAWN@3, FINAL@2                           | 1 | false",
        "FINAL@2, WITHDRAWN@3, CORRECTED@3              | 2 | false",
        "FINAL@2, WITHDRAWN@3, FINAL@4                  | 3 | false",
        // a clock that was ahead, or a withdrawal with the time of the first version
        "FINAL@4, FINAL@2, WITHDRAWN@3                  | 3 | false",
        "FINAL@2, CORRECTED@4, WITHDRAWN@2              | 3 | false",
        "FINAL@2, WITHDRAWN@4, FINAL@3                  | 2 | false",
        "FINAL@2, WITHDRAWN@4, FINAL@3, FINAL@5         | 4 | false",
        // issued anew and overtaken by the withdrawal: what is safe
        "FINAL@2, FINAL@4, WITHDRAWN@3                  | 3 | false",
        "FINAL@2, WITHDRAWN@3, PRELIMINARY@4            | 3 | false",
        "FINAL@2, WITHDRAWN@3, FINAL@4, WITHDRAWN@5     | 4 | false",
        "CORRECTED@2, WITHDRAWN@3, PRELIMINARY@4, FINAL@5 | 4 | false",
        // the source's own sequence
        "FINAL#2@9, FINAL#1@10                          | 1 | false",
        "CORRECTED#1@1, PRELIMINARY#2@2                 | 2 | false",
        "WITHDRAWN#1@5, FINAL#2@4                       | 2 | false",
        "FINAL@9, PRELIMINARY#1@1                       | 2 | false",
        // a withdrawal without a sequence ends versions of every sequence
        "FINAL#1@1, WITHDRAWN@2                         | 2 | false",
        "FINAL#1@9, FINAL#3@9, WITHDRAWN                | 3 | false",
        "FINAL#1@1, WITHDRAWN@3, FINAL#1@2              | 2 | false",
        "FINAL#3@3, WITHDRAWN@4, FINAL#2@5              | 2 | false",
        "FINAL@1, WITHDRAWN@3, FINAL#1@2                | 2 | false",
        "FINAL#1@1, WITHDRAWN#3@3, WITHDRAWN@4, FINAL@5 | 2 | false",
        // and what is later by its sequence, or by its time, is issued anew
        "FINAL#1@1, WITHDRAWN@3, FINAL#2@2              | 3 | false",
        "FINAL#1@1, WITHDRAWN@2, FINAL@3                | 3 | false",
        "FINAL#1@1, WITHDRAWN@2, FINAL#1@3              | 3 | false",
        "FINAL#1@1, WITHDRAWN@2, FINAL#2@3, WITHDRAWN@2 | 4 | false",
        // one with a sequence ends those of its own
        "FINAL#2@1, WITHDRAWN#2@1                       | 2 | false",
        "FINAL#2@1, WITHDRAWN#2@2, FINAL#2@3            | 3 | false",
        "FINAL#2@1, WITHDRAWN#1@3                       | 1 | false",
        "FINAL#1@1, WITHDRAWN#2@1, FINAL@3              | 2 | false",
        // one that withdraws an analysis ends what may show it, whatever its status
        "CORRECTED@2, FINAL-@3                          | 2 | false",
        "CORRECTED, FINAL-                              | 2 | false",
        "FINAL@2, REGISTERED-@3                         | 2 | false",
        "FINAL@2, FINAL-@2                              | 2 | false",
        "FINAL@4, FINAL-@3                              | 2 | false",
        "REGISTERED-@3, FINAL@2                         | 1 | false",
        "FINAL#1@1, FINAL-@3                            | 2 | false",
        "CORRECTED#2@1, FINAL-#2@1                      | 2 | false",
        "FINAL#2@1, FINAL-#1@3                          | 1 | false",
        // and what is later than it is told from it as else
        "FINAL@2, REGISTERED-@3, FINAL@4                | 3 | false",
        "FINAL, REGISTERED-, FINAL                      | 3 | false",
        "FINAL@2, FINAL-@3, PRELIMINARY@4               | 2 | false",
        "FINAL#1@1, REGISTERED-#2@2, FINAL#3@3          | 3 | false",
        // of two such the later ends the other
        "CORRECTED-@3, REGISTERED-@4                    | 2 | false",
        "REGISTERED-@4, CORRECTED-@3                    | 1 | false",
        "CORRECTED-@4, FINAL-@4                         | 2 | false",
        "CORRECTED-#1@9, FINAL-@4, FINAL-               | 3 | false",
        // a withdrawal of all ends such a one as any other
        "FINAL-@4, WITHDRAWN@3                          | 2 | false",
        "WITHDRAWN@3, FINAL-@2                          | 1 | false",
        "WITHDRAWN@3, FINAL-@4                          | 2 | false",
        // without a time the arrival stands for it
        "FINAL, FINAL                                   | 2 | false",
        // who it is about: not by status, but by time, and by a sequence before that
        "FINAL@2, *PRELIMINARY@3                        | 2 | false",
        "*PRELIMINARY@3, FINAL@2                        | 1 | false",
        "CORRECTED@2, *REGISTERED@2                     | 2 | false",
        "FINAL, *PRELIMINARY                            | 2 | false",
        "FINAL@2, *FINAL@3, CORRECTED@4                 | 3 | false",
        "FINAL@2, *FINAL@3, *PRELIMINARY@4              | 2 | false",
        "FINAL#2@2, *PRELIMINARY#3@1                    | 2 | false",
        "FINAL#2@2, *CORRECTED#1@3                      | 1 | false",
        "FINAL@2, *PRELIMINARY@3, WITHDRAWN@3           | 3 | false",
        // nothing tells them apart
        "FINAL@2, FINAL@2                               | 2 | true",
        "FINAL#3@2, FINAL#3@2                           | 2 | true",
        "FINAL@2, FINAL@2, CORRECTED@3                  | 3 | false",
      })
  void letsTheVersionStandThatTheTableNames(String versions, int standing, boolean conflict) {
    // given
    List<Standing.Candidate> candidates = candidates(versions);

    // when
    Standing.Decision decision = Standing.of(candidates);

    // then
    assertThat(decision.standing().number()).isEqualTo(standing);
    assertThat(decision.conflict()).isEqualTo(conflict);
  }

  @Test
  void decidesAlikeWhateverTheOrderWhereTimesTellVersionsApart() {
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      // given
      List<Standing.Candidate> versions = new ArrayList<>();
      int count = 2 + random.nextInt(5);
      for (int i = 1; i <= count; i++) {
        versions.add(
            new Standing.Candidate(
                i,
                random.nextInt(4) == 0 ? (long) random.nextInt(3) : null,
                NOT_WITHDRAWN.get(random.nextInt(NOT_WITHDRAWN.size())),
                false,
                // no two at one time
                DAY.plusSeconds(i * 60L),
                DAY,
                RESIDENTS.get(random.nextInt(2))));
      }
      int before = Standing.of(versions).standing().number();

      // when
      Collections.shuffle(versions, random);

      // then
      assertThat(Standing.of(versions).standing().number()).isEqualTo(before);
      assertThat(Standing.of(versions).conflict()).isFalse();
    }
  }

  @Test
  void letsNothingStandAfterAWithdrawalWithoutASequenceWhateverTimesAreClaimed() {
    Random random = new Random(11);
    for (int round = 0; round < 2_000; round++) {
      // given
      List<Standing.Candidate> versions = new ArrayList<>();
      int count = 2 + random.nextInt(5);
      for (int i = 1; i <= count; i++) {
        versions.add(
            new Standing.Candidate(
                i,
                i < count && random.nextInt(3) == 0 ? (long) random.nextInt(3) : null,
                i == count ? ReportStatus.WITHDRAWN : ANY.get(random.nextInt(ANY.size())),
                i < count && random.nextBoolean(),
                DAY.plusSeconds(random.nextInt(7_200)),
                DAY,
                RESIDENTS.get(random.nextInt(2))));
      }

      // when
      Standing.Decision decision = Standing.of(versions);

      // then
      assertThat(decision.standing().status()).isEqualTo(ReportStatus.WITHDRAWN);
    }
  }

  @Test
  void letsNothingStandThatMayShowWhatWasWithdrawnLast() {
    Random random = new Random(13);
    for (int round = 0; round < 5_000; round++) {
      // given
      List<Standing.Candidate> versions = new ArrayList<>();
      int count = 2 + random.nextInt(5);
      for (int i = 1; i <= count; i++) {
        versions.add(
            new Standing.Candidate(
                i,
                i < count && random.nextInt(3) == 0 ? (long) random.nextInt(3) : null,
                NOT_WITHDRAWN.get(random.nextInt(NOT_WITHDRAWN.size())),
                i == count || random.nextBoolean(),
                random.nextInt(3) == 0 ? null : DAY.plusSeconds(random.nextInt(7_200)),
                DAY.plusSeconds(i),
                RESIDENTS.get(random.nextInt(2))));
      }
      Standing.Candidate last = versions.getLast();

      // when
      Standing.Candidate standing = Standing.of(versions).standing();

      // then
      assertThat(
              standing.equals(last)
                  || (standing.partlyWithdrawn() && standing.effective().isAfter(last.effective())))
          .as("%s of %s", standing, versions)
          .isTrue();
    }
  }

  private static List<Standing.Candidate> candidates(String versions) {
    List<Standing.Candidate> candidates = new ArrayList<>();
    for (String version : versions.split(",", -1)) {
      String[] timed = version.strip().split("@", -1);
      String[] parts = timed[0].split("#", -1);
      int number = candidates.size() + 1;
      @Nullable Long sequence = parts.length == 2 ? Long.valueOf(parts[1]) : null;
      @Nullable Instant time =
          timed.length == 2 ? DAY.plusSeconds(3600 * Long.parseLong(timed[1])) : null;
      candidates.add(
          new Standing.Candidate(
              number,
              sequence,
              ReportStatus.valueOf(parts[0].replaceAll("[-*]", "")),
              parts[0].endsWith("-"),
              time,
              DAY.plusSeconds(86_400 + number),
              RESIDENTS.get(parts[0].startsWith("*") ? 1 : 0)));
    }
    return candidates;
  }
}
