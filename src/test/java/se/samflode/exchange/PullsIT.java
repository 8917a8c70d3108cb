package se.samflode.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static se.samflode.exchange.PagingSource.DOMAIN;
import static se.samflode.exchange.PagingSource.SYSTEM;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import se.samflode.SamflodeApplication;
import se.samflode.demo.DemoIssuer;
import se.samflode.exchange.Leases.Lease;
import se.samflode.index.IndexDatabase;
import se.samflode.testing.TestDatabase;

/** Source systems that are pulled, over real HTTP, into a real index. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.profiles.active=demo",
      "samflode.index.hsa-id=SE2321000016-EI01",
      "samflode.trusted-proxies=127.0.0.0/8",
      "samflode.producers.registry=file:mock-regions/producers.yaml",
      "samflode.pulls.max-pages=50",
      "management.server.port=0"
    })
@ExtendWith(OutputCaptureExtension.class)
class PullsIT {

  private static final String LEASE = "pull:region";
  private static final String NONE = "sources: []\n";
  private static final Duration OVERLAP = Duration.ofMinutes(7);

  @TempDir private static Path folder;

  @LocalManagementPort private int management;
  @Autowired private JdbcClient database;
  @Autowired private Puller puller;
  @Autowired private Leases leases;
  @Autowired private PulledStore store;
  @Autowired private IndexDatabase index;
  @Autowired private HikariDataSource pool;
  @Autowired private PlatformTransactionManager transactions;
  private PagingSource source;

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry properties) throws IOException {
    write(NONE);
    properties.add("samflode.pulls.file", () -> file().toUri().toString());
    properties.add("spring.datasource.url", TestDatabase.create()::url);
    new DemoIssuer().properties().forEach((name, value) -> properties.add(name, () -> value));
  }

  @BeforeEach
  void startSource() {
    source = new PagingSource();
    database.sql("TRUNCATE engagement, version, change, pull_state, lease").update();
  }

  @AfterEach
  void stopSource() throws IOException {
    write(NONE);
    source.close();
  }

  @Test
  void storesEverythingTheSourceHasPageByPage() {
    // given
    source.has("reserve-1", "b1", "b2").has("reserve-2", "b1").has("reserve-3", "b1");
    source.pagesOf(1);

    // when
    PullOutcome outcome = pull();

    // then
    assertThat(outcome).isEqualTo(new PullOutcome(PullOutcome.End.COMPLETED, null, 3, 3, Map.of()));
    assertThat(source.asked()).containsExactly("", "reserve-1", "reserve-2");
    assertThat(source.times()).containsOnly("19000101000000");
    assertThat(source.requests().getFirst().body())
        .containsPattern("LogicalAddress[^>]*>SE2321000016-LOGICAL<")
        .containsPattern("serviceDomain[^>]*>" + DOMAIN + "<");
    assertThat(stored())
        .containsExactly("reserve-1 b1", "reserve-1 b2", "reserve-2 b1", "reserve-3 b1");
  }

  @Test
  void asksNextTimeFromItsOverlapBeforeTheLastRunBegan() {
    // given
    source.has("reserve-1", "b1");
    pull();
    database.sql("UPDATE pull_state SET last_success = '2026-11-24T09:37:00Z'").update();

    // when
    PullOutcome outcome = pull();

    // then
    assertThat(outcome.end()).isEqualTo(PullOutcome.End.COMPLETED);
    assertThat(source.times()).containsExactly("19000101000000", "20261124103000");
  }

  @Test
  void waitsUntilTheIntervalIsOver() {
    // given
    source.has("reserve-1", "b1");
    pull();

    // when
    PullOutcome outcome = pull();

    // then
    assertThat(outcome).isEqualTo(PullOutcome.NOT_DUE);
    assertThat(source.requests()).hasSize(1);
  }

  @Test
  void deletesWhatTheSourceHasNoMoreAndNothingElse() {
    // given
    source.has("reserve-1", "b1", "b2").has("reserve-2", "b1").has("reserve-3", "b1");
    pull();
    due();
    database
        .sql(
            """
            INSERT INTO engagement
            SELECT sha256(id), resident, service_domain, categorization, logical_address,
                   business_object_instance_identifier, clinical_process_interest_id,
                   most_recent_content, 'SE2321000016-S002', creation_time, update_time,
                   data_controller, owner
              FROM engagement WHERE resident = 'reserve-2'\
            """)
        .update();

    // when
    source.has("reserve-1", "b2", "b3").has("reserve-2");
    pull();

    // then
    assertThat(stored())
        .as("another system's row of reserve-2 stays")
        .containsExactly("reserve-1 b2", "reserve-1 b3", "reserve-2 b1", "reserve-3 b1");
    assertThat(
            database
                .sql("SELECT source_system FROM engagement WHERE resident = 'reserve-2'")
                .query(String.class)
                .single())
        .isEqualTo("SE2321000016-S002");
    assertThat(database.sql("SELECT count(*) FROM change WHERE deleted").query(Long.class).single())
        .isEqualTo(2);
  }

  @Test
  void storesAResidentWithMoreThanAThousandInOneTransaction() {
    // given
    String[] many = IntStream.range(0, 1001).mapToObj(n -> "b" + n).toArray(String[]::new);
    source.has("reserve-1", "b1").has("reserve-2", many).has("reserve-3", "b1");

    // when
    PullOutcome outcome = pull();

    // then
    assertThat(outcome.end()).isEqualTo(PullOutcome.End.COMPLETED);
    assertThat(stored()).hasSize(1003);
    assertThat(
            database
                .sql(
                    "SELECT count(DISTINCT xmin::text) FROM engagement WHERE resident ="
                        + " 'reserve-2'")
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("a field too long", ">Booking<", ">" + "x".repeat(256) + "<", "EI004"),
        Arguments.of("a time that is none", "20261124093000", "2026-11-24", "no-time"),
        Arguments.of("another source system", SYSTEM, "SE2321000016-S009", "other-source-system"),
        Arguments.of("our own address", "SE2321000016-A001", "SE2321000016-EI01", "EI005"),
        Arguments.of("another domain", DOMAIN, "riv:other", "other-domain"),
        Arguments.of("another resident", ">reserve-1<", ">reserve-9<", "other-resident"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void broken(String what, String good, String bad, String rule) {
    // given
    source.has("reserve-1", "b1", "b2").has("reserve-2", "b1");
    pull();
    due();

    // when
    source.has("reserve-1", "b1", "b3").has("reserve-2");
    source.tells(
        engagement -> engagement.contains(">b1<") ? engagement.replace(good, bad) : engagement);
    PullOutcome outcome = pull();

    // then
    assertThat(outcome)
        .as(what)
        .isEqualTo(new PullOutcome(PullOutcome.End.COMPLETED, null, 1, 2, Map.of(rule, 1)));
    assertThat(stored())
        .as("b2 may be what was told wrongly, so it stays; reserve-2 was told well and has nothing")
        .containsExactly("reserve-1 b1", "reserve-1 b2", "reserve-1 b3");
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of("a fault", SoapPeer.Answer.fault("no"), "fault"),
        Arguments.of("an HTTP error", new SoapPeer.Answer(503, "text/html", "no"), "http-error"),
        Arguments.of("no XML", new SoapPeer.Answer(200, "text/xml", "no"), "malformed"),
        Arguments.of(
            "no word on completeness",
            SoapPeer.Answer.ok(
                PagingSource.answer(true, "")
                    .replace("<g:responseIsComplete>true</g:responseIsComplete>", "")),
            "malformed"),
        Arguments.of(
            "engagements under a wrong name",
            SoapPeer.Answer.ok(
                PagingSource.answer(
                    true,
                    "<g:registeredResidentEngagement><g:registeredResidentIdentification>reserve-1"
                        + "</g:registeredResidentIdentification><c:engagement/>"
                        + "</g:registeredResidentEngagement>")),
            "malformed"),
        Arguments.of(
            "a page without residents that is not the last",
            SoapPeer.Answer.ok(PagingSource.answer(false, "")),
            "no-progress"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void failures(String what, SoapPeer.Answer answer, String reason) {
    // given
    source.has("reserve-1", "b1");
    pull();
    due();
    @Nullable String before = lastSuccess();

    // when
    source.answers(answer);
    PullOutcome outcome = pull();

    // then
    assertThat(outcome.end()).as(what).isEqualTo(PullOutcome.End.FAILED);
    assertThat(outcome.reason()).isEqualTo(reason);
    assertThat(lastSuccess()).isEqualTo(before);
    assertThat(stored()).containsExactly("reserve-1 b1");
  }

  @Test
  void goesOnAtItsPageAfterAFailure() {
    // given
    source.has("reserve-1", "b1").has("reserve-2", "b1").has("reserve-3", "b1");
    source.pagesOf(1);
    source.answersAfter("reserve-2", new SoapPeer.Answer(503, "text/html", ""));
    PullOutcome failed = pull();

    // when
    source.works();
    PullOutcome outcome = pull();

    // then
    assertThat(failed.reason()).isEqualTo("http-error");
    assertThat(outcome.end()).isEqualTo(PullOutcome.End.COMPLETED);
    assertThat(source.asked()).containsExactly("", "reserve-1", "reserve-2", "reserve-2");
    assertThat(stored()).hasSize(3);
  }

  @Test
  void givesUpOnPagesThatGoRoundInACircleAndBeginsAgain() {
    // given
    source.has("reserve-1", "b1").has("reserve-2", "b1");
    source.pagesOf(1);
    String circle =
        PagingSource.answer(
            false,
            "<g:registeredResidentEngagement><g:registeredResidentIdentification>reserve-1"
                + "</g:registeredResidentIdentification></g:registeredResidentEngagement>");
    source.answersAfter("reserve-1", SoapPeer.Answer.ok(circle));
    PullOutcome failed = pull();

    // when
    source.works();
    PullOutcome outcome = pull();

    // then
    assertThat(failed.reason()).isEqualTo("no-progress");
    assertThat(outcome.end()).isEqualTo(PullOutcome.End.COMPLETED);
    assertThat(source.asked()).containsExactly("", "reserve-1", "", "reserve-1");
    assertThat(stored()).hasSize(2);
  }

  @Test
  void goesOnBehindAResidentWhoCannotBeStored() {
    // given
    source.has(" reserve-1", "b1").has("reserve-2", "b1");
    source.pagesOf(1);

    // when
    PullOutcome outcome = pull();

    // then
    assertThat(outcome)
        .isEqualTo(new PullOutcome(PullOutcome.End.COMPLETED, null, 2, 1, Map.of("resident", 1)));
    assertThat(source.asked()).containsExactly("", " reserve-1");
    assertThat(stored()).containsExactly("reserve-2 b1");
  }

  @Test
  void pausesAfterTheMostPagesThatARunMayHave() {
    // given
    IntStream.range(0, 51).forEach(n -> source.has("reserve-%02d".formatted(n), "b1"));
    source.pagesOf(1);

    // when
    PullOutcome first = pull();
    PullOutcome second = pull();

    // then
    assertThat(first.reason()).isEqualTo("too-many-pages");
    assertThat(first.pages()).isEqualTo(50);
    assertThat(second.end()).isEqualTo(PullOutcome.End.COMPLETED);
    assertThat(second.pages()).isEqualTo(1);
  }

  @Test
  void storesNothingOnceAnotherNodeHasTheLease() {
    // given
    source.has("reserve-1", "b1");
    Lease old = lease();
    leases.release(LEASE);
    Leases other = new Leases(database, transactions);
    other.take(LEASE, Duration.ofMinutes(1));

    // when
    PullOutcome outcome = puller.pull(entry(), DOMAIN, old, "test", () -> true);

    // then
    assertThat(outcome.end()).isEqualTo(PullOutcome.End.STOPPED);
    assertThat(source.requests()).isEmpty();
    assertThat(stored()).isEmpty();
  }

  @Test
  void waitsForItsTurnAmongChangesSoThatLookUpsKeepTheirConnections() throws Exception {
    // given
    Lease lease = lease();
    int changes = pool.getMaximumPoolSize() - 3;
    CountDownLatch begun = new CountDownLatch(changes);
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int change = 0; change < changes; change++) {
        threads.execute(() ->
            index.inTransaction(
                "test",
                () -> {
                  begun.countDown();
                  await().until(() -> mayEnd.getCount() == 0);
                  return true;
                }));
      }
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

      // when
      Future<Boolean> pulled = threads.submit(() -> store.inTurn(lease, () -> {}));

      // then
      try {
        assertThatThrownBy(() -> pulled.get(1, TimeUnit.SECONDS))
            .isInstanceOf(TimeoutException.class);
      } finally {
        mayEnd.countDown();
      }
      assertThat(pulled.get(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      leases.release(LEASE);
    }
  }

  @Test
  void storesNothingOfAPageDuringWhoseCallTheLeaseWasLost() {
    // given
    source.has("reserve-1", "b1");
    source.tells(engagement -> {
      database.sql("UPDATE lease SET holder = 'another node', token = token + 1").update();
      return engagement;
    });

    // when
    PullOutcome outcome = pull();

    // then
    assertThat(outcome.end()).isEqualTo(PullOutcome.End.STOPPED);
    assertThat(stored()).isEmpty();
  }

  @Test
  void pullsByItselfAsTheFileSays(CapturedOutput output) throws IOException {
    // given
    source.has("reserve-1", "b1");
    write(yaml("enabled: false"));
    within().untilAsserted(() -> assertThat(pulls()).contains("\"enabled\":false"));
    String off = pulls();

    // when
    write(yaml("enabled: true"));
    within().untilAsserted(() -> assertThat(source.requests()).hasSizeGreaterThan(1));
    String on = pulls();
    String used = Files.readString(Path.of("docs/monitoring/alerts.yaml"));
    within()
        .untilAsserted(() ->
            assertThat(
                    Pattern.compile("\\bsamflode_pull_[a-z_]+")
                        .matcher(used)
                        .results()
                        .map(MatchResult::group))
                .isNotEmpty()
                .allSatisfy(name ->
                    assertThat(get("prometheus"))
                        .contains(
                            "\n%s{domain=\"%s\",source=\"region\"}".formatted(name, DOMAIN))));
    write(yaml("enabled: false"));
    within().untilAsserted(() -> assertThat(pulls()).contains("\"enabled\":false"));

    // then
    assertThat(off).contains("\"id\":\"region\"").doesNotContain("lastSuccess\":\"");
    assertThat(on)
        .contains("\"serviceDomain\":\"" + DOMAIN + "\"")
        .contains("\"interval\":\"PT1S\"")
        .containsPattern("\"lastSuccess\":\"20[^\"]+Z\"");
    assertThat(stored()).containsExactly("reserve-1 b1");
    assertThat(output).contains("event=\"pull.completed\"").doesNotContain("reserve-1");
    assertThat(get("prometheus"))
        .contains("samflode_pull_runs_seconds_count{outcome=\"completed\",source=\"region\"}");
  }

  @Test
  void tellsWhyASourceFailsAndMendsByItself(CapturedOutput output) throws IOException {
    // given
    source.has("reserve-1", "b1");
    source.answers(SoapPeer.Answer.fault("no"));

    // when
    write(yaml("enabled: true"));
    within().untilAsserted(() -> assertThat(pulls()).contains("\"reason\":\"fault\""));
    source.works();
    within().untilAsserted(() -> assertThat(stored()).containsExactly("reserve-1 b1"));

    // then
    within().untilAsserted(() -> assertThat(pulls()).doesNotContain("\"reason\""));
    assertThat(output).contains("event=\"pull.failed\"").contains("reason=\"fault\"");
  }

  @Test
  void pullsOneDomainAtItsIntervalWhileAnotherFails() throws IOException {
    // given
    source.has("reserve-1", "b1");
    source.failsFor("riv:fails");

    // when
    write(yaml("enabled: true").replace(DOMAIN, "riv:fails, " + DOMAIN));
    within().untilAsserted(() -> assertThat(source.asked(DOMAIN)).isGreaterThan(6));

    // then
    assertThat(source.asked("riv:fails")).isBetween(2L, 5L);
    assertThat(stored()).containsExactly("reserve-1 b1");
    write(NONE);
    within().untilAsserted(() -> assertThat(pulls()).doesNotContain("riv:fails"));
  }

  @Test
  void goesOnAtItsPageAfterARestart() throws IOException {
    // given
    String url = TestDatabase.create().url();
    source.has("reserve-1", "b1").has("reserve-2", "b1").has("reserve-3", "b1");
    source.pagesOf(1);
    source.answersAfter("reserve-2", SoapPeer.Answer.silence());
    Path own = Files.writeString(folder.resolve("own.yaml"), yaml("enabled: true"));

    // when
    try (ConfigurableApplicationContext first = start(url, own)) {
      within().untilAsserted(() -> assertThat(source.asked()).contains("reserve-2"));
      assertThat(first.isRunning()).isTrue();
    }
    int before = source.requests().size();
    source.works();
    try (ConfigurableApplicationContext second = start(url, own)) {
      JdbcClient index = second.getBean(JdbcClient.class);
      within()
          .untilAsserted(() ->
              assertThat(index.sql("SELECT resident FROM engagement").query(String.class).list())
                  .hasSize(3));
    }

    // then
    assertThat(source.asked().get(before)).isEqualTo("reserve-2");
  }

  private ConfigurableApplicationContext start(String url, Path pulls) {
    Map<String, Object> settings = new HashMap<>(new DemoIssuer().properties());
    settings.put("server.port", "0");
    settings.put("management.server.port", "0");
    settings.put("spring.datasource.url", url);
    settings.put("samflode.index.hsa-id", "SE2321000016-EI01");
    settings.put("samflode.producers.registry", "file:mock-regions/producers.yaml");
    settings.put("samflode.pulls.file", pulls.toUri().toString());
    SpringApplication application = new SpringApplication(SamflodeApplication.class);
    application.setAdditionalProfiles("demo");
    application.setRegisterShutdownHook(false);
    application.addInitializers(context ->
        context
            .getEnvironment()
            .getPropertySources()
            .addFirst(new MapPropertySource("test", settings)));
    return application.run();
  }

  private static ConditionFactory within() {
    return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(100));
  }

  private PullOutcome pull() {
    PullOutcome outcome = puller.pull(entry(), DOMAIN, lease(), "test", () -> true);
    leases.release(LEASE);
    return outcome;
  }

  private Lease lease() {
    return leases.take(LEASE, Duration.ofMinutes(1)).orElseThrow();
  }

  private PullSource entry() {
    return new PullSource(
        "region",
        SYSTEM,
        "SE2321000016-LOGICAL",
        source.url(),
        null,
        List.of(DOMAIN),
        Duration.ofMinutes(5),
        OVERLAP,
        true);
  }

  /** Lets the interval be over. */
  private void due() {
    database.sql("UPDATE pull_state SET last_success = last_success - interval '1 hour'").update();
  }

  private List<String> stored() {
    return database
        .sql(
            """
            SELECT resident, business_object_instance_identifier FROM engagement ORDER BY 1, 2\
            """)
        .query((row, number) -> row.getString(1) + " " + row.getString(2))
        .list();
  }

  private @Nullable String lastSuccess() {
    return database
        .sql("SELECT last_success FROM pull_state")
        .query((row, number) -> row.getString(1))
        .single();
  }

  private String yaml(String more) {
    return """
    sources:
      - id: region
        sourceSystem: %s
        url: %s
        serviceDomains: [%s]
        interval: 1s
        %s
    """
        .formatted(SYSTEM, source.url(), DOMAIN, more);
  }

  private static Path file() {
    return folder.resolve("pulls.yaml");
  }

  private static void write(String yaml) throws IOException {
    Files.writeString(file(), yaml);
  }

  private String pulls() {
    return get("pulls");
  }

  private String get(String endpoint) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://localhost:" + management + "/actuator/" + endpoint);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
