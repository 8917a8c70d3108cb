package se.samflode.index;

import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.index.Engagements.BOOKING;
import static se.samflode.index.Engagements.DOMAIN;
import static se.samflode.index.Engagements.INDEX;
import static se.samflode.index.Engagements.RESIDENT;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IndexWriterIT {

  private static final String OTHER = "SE2321000255-EI01";
  private static final String EARLIER = "20261120093000";
  private static final String LATER = "20261130093000";

  private IndexFixture fixture;
  private IndexWriter writer;

  @BeforeEach
  void createIndex() {
    fixture = new IndexFixture();
    writer = fixture.writer;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void ignoresAnOlderTimeWhereItMeansTheNewestContent() {
    // given
    IndexWriter strict = new IndexWriter(IndexFixture.settings(Set.of()), fixture.database);
    strict.update(List.of(BOOKING.add()));

    // when
    strict.update(List.of(BOOKING.mostRecentContent(EARLIER).add()));
    @Nullable String afterEarlier = only().mostRecentContent();
    strict.update(List.of(BOOKING.mostRecentContent(null).add()));
    @Nullable String afterNone = only().mostRecentContent();
    strict.update(List.of(BOOKING.mostRecentContent(LATER).add()));

    // then
    assertThat(afterEarlier).isEqualTo("20261124093000");
    assertThat(afterNone).isEqualTo("20261124093000");
    assertThat(only().mostRecentContent()).isEqualTo(LATER);
    assertThat(fixture.changes()).hasSize(2);
    assertThat(fixture.outside.sql("SELECT DISTINCT version FROM version").query(Long.class).list())
        .containsExactly(4L);
  }

  @Test
  void replacesNoTimeByATimeWhereItMeansTheNewestContent() {
    // given
    IndexWriter strict = new IndexWriter(IndexFixture.settings(Set.of()), fixture.database);
    strict.update(List.of(BOOKING.mostRecentContent(null).add()));

    // when
    strict.update(List.of(BOOKING.mostRecentContent(EARLIER).add()));

    // then
    assertThat(only().mostRecentContent()).isEqualTo(EARLIER);
  }

  @Test
  void tellsChangesAndDeletionsButNoRepeats() {
    // given
    writer.update(List.of(BOOKING.add()));

    // when
    writer.update(List.of(BOOKING.add()));
    writer.update(List.of(BOOKING.mostRecentContent(EARLIER).add()));
    writer.update(List.of(BOOKING.delete()));
    writer.update(List.of(BOOKING.delete()));

    // then
    List<Change> changes = fixture.changes();
    assertThat(changes).extracting(Change::position).containsExactly(1L, 2L, 3L, 4L);
    assertThat(changes).extracting(Change::deleted).containsExactly(false, false, true, true);
    assertThat(changes)
        .extracting(change -> change.engagement().updateTime() != null)
        .containsExactly(false, true, true, false);
    assertThat(changes)
        .extracting(change -> change.engagement().mostRecentContent())
        .startsWith("20261124093000", EARLIER);
    assertThat(changes)
        .allSatisfy(change -> {
          assertThat(change.engagement().owner()).isEqualTo(INDEX);
          assertThat(change.engagement().creationTime()).matches("20[0-9]{12}");
          assertThat(change.bucket()).isBetween(0, 1023);
        });
  }

  @Test
  void tellsThatASourceHasSomethingNewWhateverTimeItIs() {
    // given
    writer.renew(List.of(BOOKING.mostRecentContent("20261025025959").engagement()));

    // when
    writer.renew(List.of(BOOKING.mostRecentContent("20261025020000").engagement()));
    writer.renew(List.of(BOOKING.mostRecentContent("20261025030000").engagement()));
    writer.renew(List.of(BOOKING.mostRecentContent(LATER).engagement()));

    // then
    assertThat(fixture.changes())
        .extracting(change -> change.engagement().mostRecentContent())
        .containsExactly("20261025025959", "20261025030000", "20261025030001", LATER);
    assertThat(only().mostRecentContent()).isEqualTo(LATER);
    assertThat(fixture.outside.sql("SELECT DISTINCT version FROM version").query(Long.class).list())
        .containsExactly(4L);
  }

  @Test
  void drawsPositionsWithoutGapsWhateverARequestHolds() {
    // given
    writer.update(
        List.of(
            BOOKING.add(),
            BOOKING.businessObject("booking-2").add(),
            BOOKING.businessObject("booking-3").add()));

    // when
    writer.update(
        List.of(
            BOOKING.delete(),
            BOOKING.businessObject("booking-2").add(),
            BOOKING.businessObject("booking-4").add()));

    // then
    assertThat(fixture.changes()).extracting(Change::position).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(fixture.feed.ends().values()).containsExactly(5L);
  }

  @Test
  void keepsTheOwnerOfWhatAnotherIndexTells() {
    // given
    writer.receive(List.of(BOOKING.owner(OTHER).creationTime("19990101000000").add()));

    // then
    assertThat(only().owner()).isEqualTo(OTHER);
    assertThat(only().creationTime()).isNotEqualTo("19990101000000");
    assertThat(fixture.changes()).hasSize(1);
  }

  @Test
  void dropsWhatAnotherIndexTellsOfOurOwn() {
    // given
    writer.update(List.of(BOOKING.add()));

    // when
    writer.receive(
        List.of(
            BOOKING.owner(INDEX).delete(), BOOKING.owner(OTHER).businessObject("booking-2").add()));

    // then
    assertThat(all())
        .extracting(Engagement::businessObjectInstanceIdentifier)
        .containsExactlyInAnyOrder("booking-1", "booking-2");
  }

  @Test
  void storesNothingOfANotificationThatIsAllOurOwn() {
    // given
    List<EngagementTransaction> ours = List.of(BOOKING.owner(INDEX).add());

    // when
    writer.receive(ours);

    // then
    assertThat(all()).isEmpty();
    assertThat(fixture.count("version")).isZero();
  }

  @Test
  void letsAnotherIndexTakeOverWhatWasOursAndTellsTheDeletion() {
    // given
    writer.update(List.of(BOOKING.add(), BOOKING.businessObject("booking-2").add()));

    // when
    writer.receive(List.of(BOOKING.owner(OTHER).add()));

    // then
    assertThat(all())
        .extracting(e -> e.businessObjectInstanceIdentifier() + " " + e.owner())
        .containsExactlyInAnyOrder("booking-1 " + OTHER, "booking-2 " + INDEX);
    assertThat(fixture.changes())
        .filteredOn(Change::deleted)
        .extracting(change -> change.engagement().owner())
        .containsExactly(INDEX);
    assertThat(fixture.changes()).hasSize(4);
  }

  @Test
  void tellsTheDeletionOfWhatIsTakenOverAlsoWhereTheOthersRowStaysAsItWas() {
    // given
    writer.receive(List.of(BOOKING.owner(OTHER).add()));
    writer.update(List.of(BOOKING.add()));

    // when
    writer.receive(List.of(BOOKING.owner(OTHER).add()));

    // then
    assertThat(only().owner()).isEqualTo(OTHER);
    assertThat(fixture.changes())
        .extracting(change -> change.deleted() + " " + change.engagement().owner())
        .containsExactly("false " + OTHER, "false " + INDEX, "true " + INDEX);
  }

  @Test
  void doesNotTakeOverByADeletion() {
    // given
    writer.update(List.of(BOOKING.add()));

    // when
    writer.receive(List.of(BOOKING.owner(OTHER).delete()));

    // then
    assertThat(only().owner()).isEqualTo(INDEX);
  }

  @Test
  void tellsOnOnlyWhatANotificationHasChangedSoThatCirclesEnd() {
    // given
    writer.receive(List.of(BOOKING.owner(OTHER).add()));
    writer.receive(List.of(BOOKING.owner(OTHER).add()));
    writer.receive(List.of(BOOKING.owner(OTHER).delete()));

    // when
    writer.receive(List.of(BOOKING.owner(OTHER).delete()));

    // then
    assertThat(fixture.changes()).extracting(Change::deleted).containsExactly(false, true);
    assertThat(fixture.outside.sql("SELECT DISTINCT version FROM version").query(Long.class).list())
        .containsExactly(4L);
  }

  @Test
  void replacesWhatOneSourceHasAndNothingElse() {
    // given
    String system = BOOKING.engagement().sourceSystem();
    writer.update(
        List.of(
            BOOKING.add(),
            BOOKING.businessObject("booking-2").add(),
            BOOKING.businessObject("booking-3").sourceSystem("SE2321000255-S001").add(),
            BOOKING.resident("reserve-1").add(),
            BOOKING.resident("reserve-2").add()));

    // when
    writer.replace(
        Set.of(RESIDENT, "reserve-2"),
        DOMAIN,
        system,
        List.of(
            BOOKING.businessObject("booking-2").engagement(),
            BOOKING.businessObject("booking-4").engagement()));

    // then
    assertThat(
            fixture
                .outside
                .sql(
                    "SELECT resident || ' ' || business_object_instance_identifier FROM engagement")
                .query(String.class)
                .list())
        .containsExactlyInAnyOrder(
            RESIDENT + " booking-2",
            RESIDENT + " booking-3",
            RESIDENT + " booking-4",
            "reserve-1 booking-1");
    assertThat(fixture.changes()).filteredOn(Change::deleted).hasSize(2);
  }

  @Test
  void updatesAndNotificationsOfTheSameBucketsNeverWaitForEachOtherCrosswise() throws Exception {
    // given
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {

      // when
      for (int n = 0; n < 4; n++) {
        boolean told = n % 2 == 0;
        // Else they would wait for each other's versions, before they come to the buckets.
        String own = "reserve-" + n + "-";
        Random random = new Random(n);
        running.add(
            threads.submit(() -> {
              for (int round = 0; round < 20; round++) {
                if (told) {
                  writer.receive(mixed(random, own, BOOKING.owner(OTHER)));
                } else {
                  writer.update(mixed(random, own, BOOKING));
                }
              }
            }));
      }
    }

    // then
    for (Future<?> one : running) {
      one.get();
    }
    assertThat(fixture.changes()).isNotEmpty();
  }

  /** Of residents in many buckets, in any order: some new, some changed, some gone. */
  private static List<EngagementTransaction> mixed(Random random, String own, Engagements like) {
    return random
        .ints(300, 0, 400)
        .distinct()
        .mapToObj(n -> like.resident(own + n))
        .map(one ->
            random.nextBoolean()
                ? one.delete()
                : one.mostRecentContent("202611%02d093000".formatted(1 + random.nextInt(30))).add())
        .toList();
  }

  private Engagement only() {
    List<Engagement> all = all();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private List<Engagement> all() {
    return fixture.index.find(
        new FindContentQuery(RESIDENT, DOMAIN, null, null, null, null, null, null, null, null));
  }
}
