package se.samflode.index;

import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.index.Engagements.BOOKING;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class ChangeFeedIT {

  /** {@code -Dfeed.rounds=100000} for the long run. */
  private static final int ROUNDS = Integer.getInteger("feed.rounds", 1_000);

  private static final int OTHERS = 3;

  private IndexFixture fixture;

  @BeforeEach
  void createIndex() {
    fixture = new IndexFixture();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void neverSkipsARowThatCommitsLate() throws Exception {
    // given
    TransactionTemplate held = new TransactionTemplate(new JdbcTransactionManager(fixture.pool));
    Reader reader = new Reader();

    // when
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < ROUNDS; round++) {
        int number = round;
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        Future<?> late =
            threads.submit(() ->
                held.executeWithoutResult(status -> {
                  fixture.writer.update(List.of(booking("late-" + number, "late")));
                  written.countDown();
                  await(mayCommit);
                }));
        await(written);
        // One of the others is a resident of the late one's own bucket, and has to wait for it.
        Future<?> same =
            threads.submit(() -> fixture.writer.update(List.of(booking("same-" + number, "late"))));
        for (int other = 0; other < OTHERS; other++) {
          fixture.writer.update(List.of(booking("other-" + number, "other-" + other)));
        }
        reader.readAll();
        mayCommit.countDown();
        reader.readAll();
        late.get();
        same.get();
        reader.readAll();
      }
    }

    // then
    for (String kind : List.of("late-", "same-")) {
      assertThat(reader.read)
          .filteredOn(change -> object(change).startsWith(kind))
          .extracting(ChangeFeedIT::object)
          .hasSize(ROUNDS)
          .doesNotHaveDuplicates();
    }
    assertThat(reader.read).hasSize(ROUNDS * (2 + OTHERS));
    assertThat(reader.gaps).isEmpty();
    assertThat(reader.positions()).isEqualTo(fixture.feed.ends());
  }

  @Test
  void givesTheChangesOfAResidentInTheOrderOfTheirCommits() throws Exception {
    // given
    int writers = 8;
    int rounds = 25;
    List<Future<?>> running = new ArrayList<>();

    // when
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int writer = 0; writer < writers; writer++) {
        String name = "writer-" + writer;
        running.add(
            threads.submit(() -> {
              for (int round = 0; round < rounds; round++) {
                fixture.writer.update(
                    List.of(
                        BOOKING.businessObject(name).delete(),
                        BOOKING.businessObject("shared").add()));
                fixture.writer.update(List.of(BOOKING.businessObject("shared").delete()));
              }
            }));
      }
    }
    for (Future<?> one : running) {
      one.get();
    }

    // then
    Map<String, Boolean> lastTold =
        fixture.changes().stream()
            .collect(Collectors.toMap(ChangeFeedIT::object, Change::deleted, (a, b) -> b));
    assertThat(lastTold).hasSize(writers + 1).containsEntry("shared", true);
    assertThat(fixture.count("engagement")).isZero();
    assertThat(fixture.changes())
        .extracting(Change::changedAt)
        .isSortedAccordingTo(Instant::compareTo);
  }

  @Test
  void readsBeyondAPositionUpToALimit() {
    // given
    for (int n = 1; n <= 5; n++) {
      fixture.writer.update(List.of(BOOKING.businessObject("booking-" + n).add()));
    }
    int bucket = fixture.feed.ends().keySet().iterator().next();

    // when
    List<Change> some = fixture.feed.read(Map.of(bucket, 2L), 2, 2);

    // then
    assertThat(some).extracting(ChangeFeedIT::object).containsExactly("booking-3", "booking-4");
  }

  @Test
  void tellsBeyondWhichPositionsOldChangesLie() {
    // given
    for (int n = 1; n <= 3; n++) {
      fixture.writer.update(List.of(BOOKING.businessObject("booking-" + n).add()));
    }
    fixture
        .outside
        .sql("UPDATE change SET changed_at = changed_at - INTERVAL '1 hour' WHERE position < 3")
        .update();
    int bucket = fixture.feed.ends().keySet().iterator().next();
    Instant recently = Clock.systemUTC().instant().minusSeconds(60);

    // when
    Map<Integer, Long> old = fixture.feed.beforeOld(Map.of(bucket, 1L), recently);
    Map<Integer, Long> young = fixture.feed.beforeOld(Map.of(bucket, 2L), recently);
    Map<Integer, Long> none = fixture.feed.beforeOld(Map.of(bucket, 3L), recently);

    // then
    assertThat(old).isEqualTo(Map.of(bucket, 1L));
    assertThat(young).isEmpty();
    assertThat(none).isEmpty();
  }

  @Test
  void dropsDaysThatAreOlderThanTheRetentionAndShowsTheGap() {
    // given
    fixture.writer.update(List.of(BOOKING.add()));
    LocalDate later = LocalDate.now(ZoneOffset.UTC).plusDays(16);

    // when
    new FeedPartitions(fixture.database, fixture.settings).keep(later);
    fixture.writer.update(List.of(BOOKING.delete()));

    // then
    assertThat(fixture.changes()).extracting(Change::position).containsExactly(2L);
    assertThat(
            fixture
                .outside
                .sql("SELECT complete_from > now() FROM feed_state")
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void takesChangesOfADayThatHasNoPartitionAndMakesThemDays() {
    // given: changes of the day of the first partition and of the day before
    List<String> days = days();
    LocalDate today = day(days.getFirst());
    days.forEach(day -> fixture.outside.sql("DROP TABLE " + day).update());
    fixture.writer.update(List.of(BOOKING.add(), BOOKING.businessObject("b2").add()));
    fixture
        .outside
        .sql(
            """
            UPDATE change_rest
               SET changed_at = CAST(:noon AS timestamptz)
                   - CASE position WHEN 1 THEN INTERVAL '1 day' ELSE INTERVAL '0' END\
            """)
        .param("noon", today + " 12:00Z")
        .update();
    assertThat(fixture.count("change_rest")).isEqualTo(2);
    List<Change> before = fixture.changes();

    // when
    new FeedPartitions(fixture.database, fixture.settings).keep(today);
    fixture.writer.update(List.of(BOOKING.delete()));

    // then
    assertThat(days()).isEqualTo(days);
    assertThat(fixture.count("change_rest")).isZero();
    assertThat(fixture.changes()).hasSize(3).containsAll(before);
    assertThat(fixture.count(days.getFirst())).isGreaterThanOrEqualTo(2);
  }

  @Test
  void makesTheDaysThatItCanAndDropsTheOldWhereOneFails() {
    // given
    List<String> days = days();
    days.forEach(day -> fixture.outside.sql("DROP TABLE " + day).update());
    fixture.outside.sql("CREATE TABLE %s (in_the_way int)".formatted(days.get(1))).update();
    fixture
        .outside
        .sql(
            "CREATE TABLE change_20200101 PARTITION OF change"
                + " FOR VALUES FROM ('2020-01-01 00:00Z') TO ('2020-01-02 00:00Z')")
        .update();

    // when
    new FeedPartitions(fixture.database, fixture.settings).keep(day(days.getFirst()));

    // then
    assertThat(days()).containsExactly(days.get(0), days.get(2), days.get(3));
  }

  @Test
  void makesTheDaysToComeWhereTheRestCannotBecomeDays() throws SQLException {
    // given: a change of a day without partition, and somebody who works on another day
    List<String> days = days();
    Stream.of(0, 2, 3).forEach(day -> fixture.outside.sql("DROP TABLE " + days.get(day)).update());
    fixture.writer.update(List.of(BOOKING.add()));
    try (Connection using = fixture.pool.getConnection();
        Statement statement = using.createStatement()) {
      using.setAutoCommit(false);
      statement.execute("LOCK TABLE %s IN ACCESS SHARE MODE".formatted(days.get(1)));

      // when
      new FeedPartitions(fixture.database, fixture.settings).keep(day(days.getFirst()));
    }

    // then
    assertThat(fixture.count("change_rest")).isEqualTo(1);
    assertThat(days()).containsExactly(days.get(1), days.get(2), days.get(3));
  }

  @Test
  void keepsItsDaysUnderTheRoleThatTheDocsMake() throws IOException {
    // given: all that the docs say, from the first role on
    List<String> recipe = recipeOfTheDocs();
    recipe.getFirst().lines().forEach(statement -> fixture.outside.sql(statement).update());
    Flyway.configure().dataSource(url("samflode_feed_owner"), null, null).load().migrate();
    client("postgres").sql(recipe.get(1)).update();
    client("samflode_feed_owner").sql("CREATE TABLE of_a_later_migration (n int)").update();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    LocalDate later = today.plusDays(16);

    // when
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setJdbcUrl(url("samflode_feed"));
      IndexDatabase asRole =
          new IndexDatabase(pool, new JdbcTransactionManager(pool), new SimpleMeterRegistry());
      FeedPartitions days = new FeedPartitions(asRole, fixture.settings);
      IndexWriter writer = new IndexWriter(fixture.settings, asRole);
      days.keep(today);
      writer.update(List.of(BOOKING.add()));
      days.keep(later);
      writer.update(List.of(BOOKING.delete()));
      asRole.changes().sql("INSERT INTO of_a_later_migration VALUES (1)").update();
    }
    client("samflode_feed_owner").sql("ALTER TABLE change ADD COLUMN of_a_later int").update();

    // then
    JdbcClient outside = client("postgres");
    assertThat(days(outside))
        .doesNotContain(name(today))
        .endsWith(
            name(later), name(later.plusDays(1)), name(later.plusDays(2)), name(later.plusDays(3)));
    assertThat(outside.sql("SELECT deleted FROM change").query(Boolean.class).list())
        .containsExactly(true);
  }

  private static LocalDate day(String name) {
    return LocalDate.parse(name.replace("change_", ""), DateTimeFormatter.BASIC_ISO_DATE);
  }

  private static String name(LocalDate day) {
    return "change_" + day.toString().replace("-", "");
  }

  /** The statements before the tables are made, and those after. */
  private static List<String> recipeOfTheDocs() throws IOException {
    // Roles are the server's, which other tests use too.
    return Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Path.of("docs/index-database.md")))
        .results()
        .map(block -> block.group(1).strip().replace("samflode", "samflode_feed"))
        .filter(block -> block.contains("CREATE ROLE samflode_feed"))
        .toList();
  }

  /** The way to the database that the recipe of the docs makes. */
  private String url(String role) {
    return fixture
        .pool
        .getJdbcUrl()
        .replaceFirst("/test_\\d+\\?user=postgres", "/samflode_feed?user=" + role);
  }

  private JdbcClient client(String role) {
    return JdbcClient.create(new DriverManagerDataSource(url(role)));
  }

  private List<String> days() {
    return days(fixture.outside);
  }

  private static List<String> days(JdbcClient client) {
    return client
        .sql(
            """
            SELECT inhrelid::regclass::text AS day FROM pg_inherits
             WHERE inhparent = 'change'::regclass AND inhrelid <> 'change_rest'::regclass
             ORDER BY day\
            """)
        .query(EngagementColumns::text)
        .list();
  }

  private static EngagementTransaction booking(String object, String resident) {
    return BOOKING.resident("reserve-" + resident).businessObject(object).add();
  }

  private static String object(Change change) {
    return change.engagement().businessObjectInstanceIdentifier();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("waited for 20 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Reads as a reader of the feed does: what is new by the ends, from where it has come to. */
  private final class Reader {

    private final Map<Integer, Long> positions = new HashMap<>();
    private final List<Change> read = new ArrayList<>();
    private final List<Change> gaps = new ArrayList<>();

    Map<Integer, Long> positions() {
      return positions;
    }

    void readAll() {
      Map<Integer, Long> news = new HashMap<>();
      fixture
          .feed
          .ends()
          .forEach((bucket, end) -> {
            long before = positions.getOrDefault(bucket, 0L);
            if (end > before) {
              news.put(bucket, before);
            }
          });
      if (news.isEmpty()) {
        return;
      }
      for (Change change : fixture.feed.read(news, 100, 100)) {
        if (change.position() != positions.getOrDefault(change.bucket(), 0L) + 1) {
          gaps.add(change);
        }
        positions.put(change.bucket(), change.position());
        read.add(change);
      }
    }
  }
}
