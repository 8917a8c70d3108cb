package se.samflode.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static se.samflode.index.Engagements.BOOKING;
import static se.samflode.index.Engagements.DOMAIN;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import se.samflode.contract.SwedishTime;

class IndexUpdatesIT {

  private static final String LONG_AGO = "19000101000000";

  /** Before what now is taken for in October, while the hour that comes twice comes again. */
  private static final Duration EARLIER = Duration.ofHours(2);

  private IndexFixture fixture;
  private IndexWriter writer;
  private IndexUpdates updates;

  @BeforeEach
  void createIndex() {
    fixture = new IndexFixture();
    writer = fixture.writer;
    updates = fixture.updates;
  }

  @AfterEach
  void closePool() {
    fixture.close();
  }

  @Test
  void tellsOnlyThoseWhoHaveChangedEachWithAllThatTheyHave() {
    // given
    writer.update(
        List.of(
            BOOKING.resident("reserve-1").add(),
            BOOKING.resident("reserve-1").businessObject("booking-2").add(),
            BOOKING.resident("reserve-2").add(),
            BOOKING.resident("reserve-3").add()));
    allWasBefore(EARLIER);
    writer.update(
        List.of(
            BOOKING.resident("reserve-1").businessObject("booking-3").add(),
            BOOKING.resident("reserve-3").delete()));

    // when
    IndexUpdates.Page page = updates.page(query(now(), null));

    // then
    assertThat(page.complete()).isTrue();
    assertThat(page.engagementsByResident().keySet()).containsExactly("reserve-1", "reserve-3");
    assertThat(objects(page, "reserve-1"))
        .containsExactlyInAnyOrder("booking-1", "booking-2", "booking-3");
    assertThat(objects(page, "reserve-3")).isEmpty();
  }

  @Test
  void tellsNothingOfOtherDomains() {
    // given
    writer.update(List.of(BOOKING.add()));

    // when
    IndexUpdates.Page page = updates.page(new GetUpdatesQuery("riv:other", LONG_AGO, null));

    // then
    assertThat(page.complete()).isTrue();
    assertThat(page.engagementsByResident()).isEmpty();
  }

  @Test
  void tellsEverybodyEverKnownWhereTheFeedDoesNotReachSoFarBack() {
    // given
    writer.update(
        List.of(BOOKING.resident("reserve-1").add(), BOOKING.resident("reserve-2").add()));
    writer.update(List.of(BOOKING.resident("reserve-2").delete()));
    fixture.outside.sql("TRUNCATE change").update();

    // when
    IndexUpdates.Page page = updates.page(query(LONG_AGO, null));

    // then
    assertThat(page.engagementsByResident().keySet()).containsExactly("reserve-1", "reserve-2");
    assertThat(objects(page, "reserve-2")).isEmpty();
  }

  @Test
  void tellsEverybodyWhereChangesWouldHaveToBeSearchedForTooLong() {
    // given
    writer.update(List.of(BOOKING.resident("reserve-1").add()));
    allWasBefore(Duration.ofDays(10));
    reachBack(Duration.ofDays(20));
    Instant searched = databaseTime().minus(IndexUpdates.SEARCHED);

    // when
    IndexUpdates.Page far = updates.page(query(SwedishTime.format(searched), null));
    IndexUpdates.Page near =
        updates.page(query(SwedishTime.format(searched.plus(Duration.ofHours(3))), null));

    // then
    assertThat(far.engagementsByResident()).containsOnlyKeys("reserve-1");
    assertThat(near.engagementsByResident()).isEmpty();
  }

  @Test
  void tellsEverybodyWhereTheSearchForChangesGetsNoAnswerInTime() {
    // given
    writer.update(List.of(BOOKING.resident("reserve-1").add()));
    allWasBefore(EARLIER);
    String since = now();
    List<IndexUpdates.Page> pages = new ArrayList<>();

    // when
    fixture.outer.executeWithoutResult(status -> {
      fixture.database.changes().sql("LOCK TABLE change IN ACCESS EXCLUSIVE MODE").update();
      pages.add(CompletableFuture.supplyAsync(() -> updates.page(query(since, null))).join());
    });

    // then
    assertThat(pages.getFirst().engagementsByResident()).containsOnlyKeys("reserve-1");
  }

  @Test
  void goesOnAfterTheLastResidentThoughMuchHappensBetweenThePages() {
    // given
    many(2 * IndexUpdates.RESIDENTS + 1);
    IndexUpdates.Page first = updates.page(query(LONG_AGO, null));
    String last = last(first);
    String following = "reserve-%05d".formatted(IndexUpdates.RESIDENTS);

    // when
    writer.update(
        List.of(
            BOOKING.resident(last).delete(),
            BOOKING.resident(following).delete(),
            BOOKING.resident(last + "-new").add()));
    IndexUpdates.Page second = updates.page(query(LONG_AGO, last));
    IndexUpdates.Page third = updates.page(query(LONG_AGO, last(second)));

    // then
    assertThat(first.complete()).isFalse();
    assertThat(first.engagementsByResident()).hasSize(IndexUpdates.RESIDENTS);
    assertThat(second.complete()).isFalse();
    assertThat(second.engagementsByResident().keySet()).startsWith(last + "-new", following);
    assertThat(objects(second, following)).isEmpty();
    assertThat(third.complete()).isTrue();
    assertThat(third.engagementsByResident()).hasSize(2);
  }

  @Test
  void pagesThroughTheFeedAsThroughTheIndex() {
    // given
    many(IndexUpdates.RESIDENTS + 1);
    reachBack(EARLIER.plusHours(1));
    String since = now();

    // when
    IndexUpdates.Page first = updates.page(query(since, null));
    IndexUpdates.Page second = updates.page(query(since, last(first)));

    // then
    assertThat(first.complete()).isFalse();
    assertThat(first.engagementsByResident()).hasSize(IndexUpdates.RESIDENTS);
    assertThat(second.complete()).isTrue();
    assertThat(second.engagementsByResident()).hasSize(1);
  }

  @Test
  void endsAPageBeforeTheResidentWithWhomItWouldBeTooLarge() {
    // given
    engagementsOf("reserve-1", 1);
    engagementsOf("reserve-2", IndexUpdates.ENGAGEMENTS);
    engagementsOf("reserve-3", 1);

    // when
    List<IndexUpdates.Page> pages = new ArrayList<>(List.of(updates.page(query(LONG_AGO, null))));
    while (!pages.getLast().complete()) {
      pages.add(updates.page(query(LONG_AGO, last(pages.getLast()))));
    }

    // then
    assertThat(pages)
        .extracting(page -> List.copyOf(page.engagementsByResident().keySet()))
        .containsExactly(List.of("reserve-1"), List.of("reserve-2"), List.of("reserve-3"));
    assertThat(objects(pages.get(1), "reserve-2")).hasSize(IndexUpdates.ENGAGEMENTS);
  }

  @Test
  void tellsAResidentWholeWhoIsLargerThanAPage() {
    // given
    engagementsOf("reserve-1", IndexUpdates.ENGAGEMENTS + 1);

    // when
    IndexUpdates.Page page = updates.page(query(LONG_AGO, null));

    // then
    assertThat(page.complete()).isTrue();
    assertThat(objects(page, "reserve-1")).hasSize(IndexUpdates.ENGAGEMENTS + 1);
  }

  @Test
  void tellsAChangeThatWasCommittedAfterTheReaderHadAsked() {
    // given
    reachBack(EARLIER.plusHours(1));
    List<Integer> toldBefore = new ArrayList<>();
    List<String> askedAt = new ArrayList<>();
    fixture.outer.executeWithoutResult(status -> {
      writer.update(List.of(BOOKING.add()));
      askedAt.add(SwedishTime.format(databaseTime().plusSeconds(2)));
      toldBefore.add(
          CompletableFuture.supplyAsync(() -> updates.page(query(askedAt.getFirst(), null)))
              .join()
              .engagementsByResident()
              .size());
    });

    // when
    IndexUpdates.Page page = updates.page(query(askedAt.getFirst(), null));

    // then
    assertThat(toldBefore).containsExactly(0);
    assertThat(page.engagementsByResident()).hasSize(1);
  }

  @Test
  void saysSoWhenTheDatabaseIsGone() {
    // given
    fixture.close();

    // when
    var asking = assertThatThrownBy(() -> updates.page(query(LONG_AGO, null)));

    // then
    asking.isInstanceOf(IndexUnavailable.class).hasNoCause();
  }

  private void many(int residents) {
    List<EngagementTransaction> all =
        IntStream.range(0, residents)
            .mapToObj(n -> BOOKING.resident("reserve-%05d".formatted(n)).add())
            .toList();
    for (int from = 0; from < all.size(); from += 1000) {
      writer.update(all.subList(from, Math.min(from + 1000, all.size())));
    }
  }

  private void engagementsOf(String resident, int count) {
    for (int from = 0; from < count; from += 5000) {
      writer.update(
          IntStream.range(from, Math.min(from + 5000, count))
              .mapToObj(n -> BOOKING.resident(resident).businessObject("b" + n).add())
              .toList());
    }
  }

  /** Makes what is in the feed older, and the feed long enough to hold it. */
  private void allWasBefore(Duration age) {
    fixture
        .outside
        .sql("UPDATE change SET changed_at = changed_at - make_interval(secs => :age)")
        .param("age", age.toSeconds())
        .update();
    reachBack(EARLIER.plusHours(1));
  }

  private void reachBack(Duration age) {
    fixture
        .outside
        .sql("UPDATE feed_state SET complete_from = now() - make_interval(secs => :age)")
        .param("age", age.toSeconds())
        .update();
  }

  private Instant databaseTime() {
    return fixture
        .outside
        .sql("SELECT clock_timestamp()")
        .query(OffsetDateTime.class)
        .single()
        .toInstant();
  }

  private String now() {
    return SwedishTime.format(databaseTime());
  }

  private static GetUpdatesQuery query(String since, @Nullable String last) {
    return new GetUpdatesQuery(DOMAIN, since, last);
  }

  private static String last(IndexUpdates.Page page) {
    return List.copyOf(page.engagementsByResident().keySet()).getLast();
  }

  private static List<String> objects(IndexUpdates.Page page, String resident) {
    return page
        .engagementsByResident()
        .getOrDefault(resident, List.of(BOOKING.engagement()))
        .stream()
        .map(Engagement::businessObjectInstanceIdentifier)
        .toList();
  }
}
