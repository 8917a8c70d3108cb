package se.samflode.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static se.samflode.index.Engagements.BOOKING;
import static se.samflode.index.Engagements.DOMAIN;
import static se.samflode.index.Engagements.INDEX;
import static se.samflode.index.Engagements.RESIDENT;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.contract.CalledAddress;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

class EngagementIndexIT {

  private static final String A = "SE2321000016-A001";
  private static final String S = "SE2321000016-S001";

  private IndexFixture fixture;
  private EngagementIndex index;
  private IndexWriter writer;

  @BeforeEach
  void createIndex() {
    fixture = new IndexFixture();
    index = fixture.index;
    writer = fixture.writer;
  }

  @AfterEach
  void closePool() {
    fixture.close();
  }

  @Test
  void showsAnUpdateWhenItReturns() {
    // given
    EngagementTransaction booking =
        BOOKING.owner("somebody-else").creationTime("19990101000000").add();

    // when
    writer.update(List.of(booking));

    // then
    Engagement found = index.find(everything()).getFirst();
    assertThat(found)
        .usingRecursiveComparison()
        .ignoringFields("creationTime")
        .isEqualTo(BOOKING.owner(INDEX).engagement());
    assertThat(found.creationTime()).matches("20[0-9]{12}").isNotEqualTo("19990101000000");
  }

  @Test
  void setsTheUpdateTimeOnlyWhenTheRowChanges() {
    // given
    writer.update(List.of(BOOKING.add()));

    // when
    writer.update(List.of(BOOKING.add()));
    @Nullable String afterRepeat = index.find(everything()).getFirst().updateTime();
    writer.update(List.of(BOOKING.mostRecentContent(null).add()));

    // then
    Engagement changed = index.find(everything()).getFirst();
    assertThat(afterRepeat).isNull();
    assertThat(changed.updateTime()).matches("20[0-9]{12}");
    assertThat(changed.mostRecentContent()).isNull();
  }

  @Test
  void overwritesALaterTimeByAnEarlierOne() {
    // given
    writer.update(List.of(BOOKING.mostRecentContent("20261124093000").add()));

    // when
    writer.update(List.of(BOOKING.mostRecentContent("20261120093000").add()));

    // then
    assertThat(index.find(everything()))
        .extracting(Engagement::mostRecentContent)
        .containsExactly("20261120093000");
  }

  @Test
  void deletesWhatIsThereAndBearsWhatIsNot() {
    // given
    writer.update(List.of(BOOKING.add(), BOOKING.businessObject("booking-2").add()));

    // when
    writer.update(List.of(BOOKING.delete(), BOOKING.businessObject("booking-3").delete()));

    // then
    assertThat(index.find(everything()))
        .extracting(Engagement::businessObjectInstanceIdentifier)
        .containsExactly("booking-2");
  }

  @Test
  void keepsTheLastOfThoseThatDifferInOwnerOnly() {
    // given
    EngagementTransaction first = BOOKING.owner("x").mostRecentContent("20261124093000").add();
    EngagementTransaction last = BOOKING.owner("y").mostRecentContent("20261125093000").add();

    // when
    writer.update(List.of(first, last));

    // then
    assertThat(index.find(everything()))
        .extracting(Engagement::mostRecentContent)
        .containsExactly("20261125093000");
  }

  @Test
  void raisesTheVersionsARequestNamesByOneWhateverBecameOfTheRows() {
    // given
    writer.update(List.of(BOOKING.add(), BOOKING.businessObject("booking-2").add()));

    // when
    writer.update(List.of(BOOKING.add()));
    writer.update(List.of(BOOKING.businessObject("not-there").delete()));

    // then
    assertThat(versions()).containsExactlyInAnyOrder(A + " 3", S + " 3");
  }

  @Test
  void countsSpellingsOfOneAddressAsOne() {
    // given
    writer.update(List.of(BOOKING.add()));

    // when
    writer.update(List.of(BOOKING.logicalAddress(A.toLowerCase(java.util.Locale.ROOT)).add()));

    // then
    assertThat(versions()).containsExactlyInAnyOrder(A + " 2", S + " 2");
    assertThat(ask(Set.of(), CalledAddress.LOGICAL_ADDRESS))
        .extracting(IndexHit::address, IndexHit::version)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(new LogicalAddress(A), 2L));
  }

  @Test
  void tellsWhatToAskByTheAddressTheContractCalls() {
    // given
    Instant before = Instant.now().minus(Duration.ofMinutes(1));
    writer.update(
        List.of(
            BOOKING.add(),
            BOOKING.businessObject("booking-2").add(),
            BOOKING.logicalAddress("SE2321000016-A002").categorization("Invitation").add(),
            BOOKING.resident("202312312388").logicalAddress("SE2321000016-A003").add()));

    // when
    List<IndexHit> units = ask(Set.of(), CalledAddress.LOGICAL_ADDRESS);
    List<IndexHit> systems = ask(Set.of(), CalledAddress.SOURCE_SYSTEM);
    List<IndexHit> invitations = ask(Set.of("Invitation"), CalledAddress.LOGICAL_ADDRESS);
    List<IndexHit> none = ask(Set.of("Other"), CalledAddress.LOGICAL_ADDRESS);

    // then
    assertThat(units)
        .extracting(hit -> hit.address().value())
        .containsExactlyInAnyOrder(A, "SE2321000016-A002");
    assertThat(units)
        .allSatisfy(hit ->
            assertThat(hit.sinceChange())
                .isBetween(Duration.ZERO, Duration.between(before, Instant.now())));
    assertThat(systems).extracting(hit -> hit.address().value()).containsExactly(S);
    assertThat(invitations)
        .extracting(hit -> hit.address().value())
        .containsExactly("SE2321000016-A002");
    assertThat(none).isEmpty();
  }

  @Test
  void findsByEveryFieldGiven() {
    // given
    writer.update(
        List.of(
            BOOKING.add(),
            BOOKING.businessObject("later").mostRecentContent("20261201000000").add(),
            BOOKING.businessObject("timeless").mostRecentContent(null).add(),
            BOOKING.categorization("Invitation").businessObject("invitation").add()));

    // when
    List<String> byCategory = ids(query("Invitation", null, null));
    List<String> byObject = ids(query(null, "timeless", null));
    List<String> since = ids(query(null, null, "20261124093001"));
    List<String> sinceExactly = ids(query(null, null, "20261124093000"));
    List<String> byEmpty = ids(query("", null, null));
    List<String> byOtherCase = ids(query("invitation", null, null));

    // then
    assertThat(byCategory).containsExactly("invitation");
    assertThat(byObject).containsExactly("timeless");
    assertThat(since).containsExactly("later");
    assertThat(sinceExactly).containsExactlyInAnyOrder("booking-1", "later", "invitation");
    assertThat(byEmpty).isEmpty();
    assertThat(byOtherCase).isEmpty();
  }

  @Test
  void storesAThousandAtOnce() {
    // given
    List<EngagementTransaction> thousand =
        IntStream.range(0, 1000)
            .mapToObj(n -> BOOKING.resident("reserve-" + n % 250).businessObject("b" + n).add())
            .toList();

    // when
    writer.update(thousand);

    // then
    assertThat(fixture.count("engagement")).isEqualTo(1000);
    assertThat(fixture.count("version")).isEqualTo(500);
  }

  @Test
  void letsConcurrentUpdatesOfTheSameKeysThroughWithoutDeadlock() throws Exception {
    // given
    int writers = 12;
    int rounds = 20;
    List<Future<?>> running = new ArrayList<>();

    // when
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int number = 0; number < writers; number++) {
        Random random = new Random(number);
        running.add(
            threads.submit(() -> {
              for (int round = 0; round < rounds; round++) {
                writer.update(shuffled(random));
              }
            }));
      }
    }

    // then
    for (Future<?> one : running) {
      one.get();
    }
    assertThat(fixture.count("version")).isEqualTo(40);
    assertThat(fixture.outside.sql("SELECT DISTINCT version FROM version").query(Long.class).list())
        .containsExactly((long) writers * rounds);
  }

  @Test
  void letsConcurrentUpdatesOfDifferentResidentsThroughThatShareBucketsOfTheFeed()
      throws Exception {
    // given
    int writers = 8;
    int residents = 300;
    int rounds = 6;
    List<Future<?>> running = new ArrayList<>();

    // when
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int number = 0; number < writers; number++) {
        Random random = new Random(number);
        String own = "R" + number + "-";
        running.add(
            threads.submit(() -> {
              for (int round = 0; round < rounds; round++) {
                List<EngagementTransaction> mixed = new ArrayList<>();
                for (int resident = 0; resident < residents; resident++) {
                  var booking = BOOKING.resident(own + resident);
                  mixed.add(random.nextBoolean() ? booking.add() : booking.delete());
                }
                Collections.shuffle(mixed, random);
                writer.update(mixed);
              }
            }));
      }
    }

    // then
    for (Future<?> one : running) {
      one.get();
    }
    assertThat(
            fixture
                .outside
                .sql(
                    """
                    SELECT count(*)
                      FROM feed_bucket b
                     WHERE b.position <> (SELECT count(*) FROM change c WHERE c.bucket = b.bucket)
                    """)
                .query(Long.class)
                .single())
        .isZero();
    assertThat(fixture.count("change")).isGreaterThan((long) writers * residents);
  }

  @Test
  void storesNothingOfAnUpdateThatFailsAndTellsNoValue() {
    // given
    fixture
        .outside
        .sql("ALTER TABLE engagement ADD CHECK (business_object_instance_identifier <> 'poison')")
        .update();

    // when
    var failing =
        assertThatThrownBy(
            () -> writer.update(List.of(BOOKING.add(), BOOKING.businessObject("poison").add())));

    // then
    failing
        .isInstanceOf(IndexUnavailable.class)
        .hasNoCause()
        .hasMessage("the engagement index does not answer");
    assertThat(fixture.count("engagement")).isZero();
    assertThat(fixture.count("version")).isZero();
  }

  @Test
  void saysSoWhenTheDatabaseIsGone() {
    // given
    fixture.close();

    // when
    var asking = assertThatThrownBy(() -> ask(Set.of(), CalledAddress.LOGICAL_ADDRESS));

    // then
    asking.isInstanceOf(IndexUnavailable.class).hasNoCause();
  }

  @Test
  void givesUpWhenTheDatabaseDoesNotAnswerInTime() {
    // given
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HikariDataSource other = new HikariDataSource()) {
      other.setJdbcUrl(fixture.pool.getJdbcUrl());
      other.setAutoCommit(false);
      JdbcClient blocking =
          JdbcClient.create(
              new org.springframework.jdbc.datasource.SingleConnectionDataSource(
                  connection(other), true));
      blocking.sql("LOCK TABLE engagement IN ACCESS EXCLUSIVE MODE").update();

      // when
      List<Future<?>> asking =
          List.of(
              threads.submit(() -> ask(Set.of(), CalledAddress.LOGICAL_ADDRESS)),
              threads.submit(() -> index.find(everything())),
              threads.submit(() -> writer.update(List.of(BOOKING.add()))));

      // then
      assertThat(asking)
          .allSatisfy(one ->
              assertThatThrownBy(() -> one.get(60, TimeUnit.SECONDS))
                  .hasCauseInstanceOf(IndexUnavailable.class));
    }
  }

  private static java.sql.Connection connection(HikariDataSource from) {
    return org.springframework.jdbc.datasource.DataSourceUtils.getConnection(from);
  }

  private static List<EngagementTransaction> shuffled(Random random) {
    List<EngagementTransaction> all = new ArrayList<>();
    for (int resident = 0; resident < 20; resident++) {
      Engagements engagement = BOOKING.resident("reserve-" + resident);
      all.add(random.nextBoolean() ? engagement.add() : engagement.delete());
    }
    Collections.shuffle(all, random);
    return all;
  }

  private List<IndexHit> ask(Set<String> categorizations, CalledAddress called) {
    return index.whatToAsk(new PersonId(RESIDENT), DOMAIN, categorizations, called);
  }

  private List<String> ids(FindContentQuery query) {
    return index.find(query).stream().map(Engagement::businessObjectInstanceIdentifier).toList();
  }

  private static FindContentQuery everything() {
    return query(null, null, null);
  }

  private static FindContentQuery query(
      @Nullable String category, @Nullable String object, @Nullable String since) {
    return new FindContentQuery(
        RESIDENT, DOMAIN, category, null, object, null, since, null, null, null);
  }

  private List<String> versions() {
    return fixture
        .outside
        .sql("SELECT address, version FROM version")
        .query((row, number) -> row.getString("address") + " " + row.getLong("version"))
        .list();
  }
}
