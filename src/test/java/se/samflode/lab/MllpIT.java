package se.samflode.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static se.samflode.lab.OruMessage.RESIDENT;
import static se.samflode.lab.RawMllp.framed;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.app.Connection;
import ca.uhn.hl7v2.llp.LLPException;
import ca.uhn.hl7v2.llp.MinLowerLayerProtocol;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.util.StandardSocketFactory;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import se.samflode.testing.TestDatabase;
import se.samflode.testing.TlsStores;

/** A laboratory's HL7 v2 over real TLS, by a stock client, into the application on a database. */
@ExtendWith(OutputCaptureExtension.class)
class MllpIT {

  @TempDir private static Path folder;

  private static TestDatabase database;
  private static TlsStores stores;
  private static SSLContext tls;
  private static Path senders;
  private static MllpNode node;
  private static JdbcClient outside;

  private HapiContext hapi;

  @BeforeAll
  static void start() throws Exception {
    database = TestDatabase.create();
    outside = database.client();
    outside.sql(STEERED_CLOCK).update();
    stores = TlsStores.make(folder);
    senders = folder.resolve("senders.yaml");
    list("CN=samflode");
    tls = tls("client.p12");
    node = MllpNode.overTls(database, senders, stores);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void client() {
    outside.sql("TRUNCATE lab_record, lab_rejection CASCADE").update();
    hapi = new DefaultHapiContext();
    hapi.setValidationContext(ValidationContextFactory.noValidation());
    hapi.setLowerLayerProtocol(new MinLowerLayerProtocol(true));
    hapi.setSocketFactory(
        new StandardSocketFactory() {
          @Override
          public Socket createTlsSocket() throws IOException {
            return tls.getSocketFactory().createSocket();
          }
        });
  }

  @AfterEach
  void closeClient() throws IOException {
    steer(Instant.now());
    hapi.close();
  }

  @ParameterizedTest
  @CsvSource({"8859/1", "UNICODE UTF-8"})
  void storesWhatAStockClientSendsAndAcknowledgesIt(String charset, CapturedOutput log)
      throws Exception {
    // when
    Terser ack = sent(oru().with("MSH", 18, charset).add("OBX|1|ST|A^Åäö^L||Räksmörgås||||||F"));

    // then
    assertThat(ack.get("/MSA-1")).isEqualTo("AA");
    assertThat(ack.get("/MSA-2")).isEqualTo("M1");
    assertThat(ack.get("/MSH-5")).isEqualTo("LIS");
    assertThat(ack.get("/MSH-18")).isEqualTo(charset);
    LabReport stored = standing("L-1");
    LabReport.Analysis analysis = stored.groups().getFirst().analyses().getFirst();
    assertThat(analysis.code().display()).isEqualTo("Åäö");
    assertThat(analysis.findings().getFirst().value())
        .isEqualTo(LabReport.Value.text("Räksmörgås"));
    assertThat(stored.resident()).isEqualTo(RESIDENT);
    assertThat(log.getAll()).doesNotContain(RESIDENT, "Räksmörgås");
  }

  @Test
  void tellsWhenItsCertificatesExpire() throws IOException {
    // when
    String metrics = node.managed("prometheus");

    // then
    assertThat(
            Pattern.compile("\\bssl_[a-z_]+")
                .matcher(Files.readString(Path.of("docs/monitoring/alerts.yaml")))
                .results()
                .map(MatchResult::group))
        .isNotEmpty()
        .allSatisfy(name ->
            assertThat(metrics)
                .containsPattern("\n" + name + "\\{bundle=\"labs\",.*source=\"keystore\".*}"));
    assertThat(node.managed("health")).contains("\"ssl\":{", "\"validChains\":[{");
  }

  @Test
  void takesTheSameMessageAgainAndNewContentWithTheSameControlId() throws Exception {
    // given
    OruMessage message = oru().add("OBX|1|NM|A||5||||||F");
    sent(message);

    // when
    String again = sent(message.with("MSH", 7, "20270116101500")).get("/MSA-1");
    int versions = versions("L-1");
    String corrected =
        sent(message.with("OBR", 25, "C").with("OBR", 22, "20270116100000")).get("/MSA-1");

    // then
    assertThat(again).isEqualTo("AA");
    assertThat(versions).isEqualTo(1);
    assertThat(corrected).isEqualTo("AA");
    assertThat(versions("L-1")).isEqualTo(2);
    assertThat(standing("L-1").status()).isEqualTo(ReportStatus.CORRECTED);
  }

  @Test
  void tellsOfEveryResultInTheHourThatComesTwice() throws Exception {
    // given
    OruMessage message = oru().add("OBX|1|NM|A||5||||||F");
    outside.sql("TRUNCATE engagement, change").update();

    // when
    steer(Instant.parse("2026-10-25T00:40:00Z"));
    sent(message);
    steer(Instant.parse("2026-10-25T01:20:00Z"));
    sent(message.with("OBR", 25, "C").with("OBR", 22, "20270116100000"));

    // then
    assertThat(told()).hasSize(2).isSorted().doesNotHaveDuplicates();
  }

  /** The database's clock, put forward by what stands in a table. */
  private static final String STEERED_CLOCK =
      """
      CREATE SCHEMA steered;
      CREATE TABLE steered.clock AS SELECT interval '0' AS ahead;
      CREATE FUNCTION steered.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
        $$ SELECT pg_catalog.clock_timestamp() + ahead FROM steered.clock $$;
      DO $$ BEGIN EXECUTE format(
        'ALTER DATABASE %I SET search_path = public, steered, pg_catalog', current_database());
      END $$;
      """;

  private static void steer(Instant now) {
    outside
        .sql("UPDATE steered.clock SET ahead = :now - pg_catalog.clock_timestamp()")
        .param("now", now.atOffset(ZoneOffset.UTC))
        .update();
  }

  /** What the feed has told of the resident: mostRecentContent, in order. */
  private static List<LocalDateTime> told() {
    return outside
        .sql("SELECT most_recent_content FROM change WHERE resident = :resident ORDER BY position")
        .param("resident", RESIDENT)
        .query((row, number) -> row.getObject(1, LocalDateTime.class))
        .list();
  }

  @Test
  void storesSeveralOrdersOfAMessageAndWhichObservationsAreWithdrawn() throws Exception {
    // when
    Terser ack =
        sent(
            oru()
                .add("OBX|1|NM|A||5||||||W")
                .add("OBX|2|NM|B||6||||||F")
                .add("OBR|2|P-1|L-2|MIKRO^Mikrobiologi^L||||||||||||||||||20270115||MB|F")
                .add("OBX|1|NM|C||7||||||D"));

    // then
    assertThat(ack.get("/MSA-1")).isEqualTo("AA");
    assertThat(standing("L-1").groups().getFirst().analyses())
        .extracting(LabReport.Analysis::isServed)
        .containsExactly(false, true);
    assertThat(standing("L-2").status()).isEqualTo(ReportStatus.WITHDRAWN);
    assertThat(outside.sql("SELECT record_id FROM lab_tombstone").query(String.class).list())
        .containsExactly("L-2");
  }

  /** OBX-11 of two observations, at first and where the first of them is withdrawn. */
  @ParameterizedTest
  @CsvSource({"C, F, W, F", "F, F, D, I", "F, F, D, P"})
  void servesNoObservationThatIsWithdrawnWhateverTheRestBecomes(
      String first, String second, String withdrawn, String rest) throws Exception {
    // given
    sent(pair(first, second).with("OBR", 22, "20270115100000"));

    // when
    Terser ack = sent(pair(withdrawn, rest).with("OBR", 22, "20270115110000"));
    LabReport stands = standing("L-1");
    Terser rerun = sent(pair("F", "F").with("OBR", 22, "20270115120000"));

    // then
    assertThat(ack.get("/MSA-1")).isEqualTo("AA");
    assertThat(ack.get("/ERR-3-1")).isNull();
    assertThat(stands.groups().getFirst().analyses())
        .extracting(LabReport.Analysis::isServed)
        .containsExactly(false, true);
    assertThat(rerun.get("/MSA-1")).isEqualTo("AA");
    assertThat(standing("L-1").time()).isEqualTo("2027-01-15T11:00:00Z");
  }

  private static OruMessage pair(String first, String second) {
    return oru()
        .with("OBR", 25, "")
        .add("OBX|1|NM|A||5||||||" + first)
        .add("OBX|2|NM|B||6||||||" + second);
  }

  @Test
  void tellsWhichAnswersDoNotStandOrOnlyByTheirArrival() throws Exception {
    // given
    sent(oru().add("OBX|1|NM|A||5||||||F"));

    // when
    Terser ack =
        sent(
            oru()
                .with("OBR", 3, "L-2")
                .add("OBX|1|NM|A||5||||||F")
                .add("OBR|2|P-1|L-1|KEMI^Kemi^L||||||||||||||||||20270115100000||LAB|F")
                .add("OBX|1|NM|A||6||||||F")
                .add("OBR|3|P-1|L-1|HEM^Hematologi^L||||||||||||||||||20270115100000||LAB|F"));
    Terser late = sent(oru().with("OBR", 25, "P").add("OBX|1|NM|A||4||||||P"));

    // then
    assertThat(ack.get("/MSA-1")).isEqualTo("AA");
    assertThat(ack.get("/MSA-3")).isNull();
    assertThat(ack.get("/ERR-2-1") + ack.get("/ERR-2-2")).isEqualTo("OBR2");
    assertThat(ack.get("/ERR-3-1")).isEqualTo("0");
    assertThat(ack.get("/ERR-4")).isEqualTo("W");
    assertThat(ack.get("/ERR-5-1")).isEqualTo("conflict");
    assertThat(ack.get("/ERR-8"))
        .isEqualTo(
            "stored, and it stands; nothing but the order of arrival tells it from another"
                + " version");
    assertThat(ack.getFinder().getRoot().getMessage().getAll("ERR")).hasSize(1);
    assertThat(late.get("/MSA-1")).isEqualTo("AA");
    assertThat(late.get("/ERR-2-1") + late.get("/ERR-2-2")).isEqualTo("OBR1");
    assertThat(late.get("/ERR-4")).isEqualTo("I");
    assertThat(late.get("/ERR-5-1")).isEqualTo("superseded");
  }

  @Test
  void tellsWhatIsWrongAndKeepsTheMessage(CapturedOutput log) throws Exception {
    // when
    Terser ack = sent(oru().with("PID", 3, "191212121213^^^^NNSWE").add("OBX|1|NM|A||5||||||F"));

    // then
    assertThat(ack.get("/MSA-1")).isEqualTo("AE");
    assertThat(ack.get("/MSA-2")).isEqualTo("M1");
    assertThat(ack.get("/ERR-2-1") + ack.get("/ERR-2-2") + ack.get("/ERR-2-3")).isEqualTo("PID13");
    assertThat(ack.get("/ERR-3-1")).isEqualTo("204");
    assertThat(ack.get("/ERR-4")).isEqualTo("E");
    assertThat(ack.get("/ERR-5-1")).isEqualTo("identity");
    assertThat(ack.get("/ERR-8")).isEqualTo("PID[1]-3: the identity breaks a rule: check_digit");
    assertThat(ack.get("/MSA-3")).isEqualTo(ack.get("/ERR-8"));
    long rejection =
        outside
            .sql("SELECT id FROM lab_rejection WHERE content IS NOT NULL AND way = 'MLLP'")
            .query(Long.class)
            .single();
    assertThat(ack.get("/ERR-7")).isEqualTo("rejection " + rejection);
    assertThat(log.getAll()).contains("lab.rejected").doesNotContain("191212121213");
  }

  @ParameterizedTest
  @CsvSource({
    "3, SE5565594230-LAB1, 204",
    "9, ADT^A01, 200",
    "12, 2.8, 200",
  })
  void refusesWhatShouldNeverComeHere(int field, String value, String error) throws Exception {
    // when
    Terser ack = sent(oru().with("MSH", field, value).add("OBX|1|NM|A||5||||||F"));

    // then
    assertThat(ack.get("/MSA-1")).isEqualTo("AR");
    assertThat(ack.get("/ERR-3-1")).isEqualTo(error);
    assertThat(records()).isZero();
  }

  @Test
  void asksToSendAgainWhileTheDatabaseIsAway(CapturedOutput log) throws Exception {
    // given
    OruMessage message = oru().add("OBX|1|NM|A||5||||||F");
    letConnect(false);

    // when
    Terser away;
    try {
      away = sent(message);
    } finally {
      letConnect(true);
    }

    // then
    assertThat(away.get("/MSA-1")).isEqualTo("AE");
    assertThat(away.get("/MSA-2")).isEqualTo("M1");
    assertThat(away.get("/ERR-3-1")).isEqualTo("207");
    assertThat(log.getAll()).contains("index.unavailable");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(sent(message).get("/MSA-1")).isEqualTo("AA"));
    assertThat(versions("L-1")).isEqualTo(1);
    assertThat(rejections()).isZero();
  }

  @Test
  void answersMessagesInTheirOrder() throws Exception {
    // given
    List<String> answers = new ArrayList<>();
    try (RawMllp lab = new RawMllp(tls, node.port())) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 1; i <= 5; i++) {
        all.writeBytes(framed(numbered(i)));
      }

      // when
      lab.send(all.toByteArray());
      for (int i = 1; i <= 5; i++) {
        answers.add(lab.answer());
      }
    }

    // then
    for (int i = 1; i <= 5; i++) {
      assertThat(answers.get(i - 1)).contains("MSA|AA|M" + i + "\r");
    }
    assertThat(records()).isEqualTo(5);
  }

  @Test
  void refusesAMessageOfTenMegabytesAndTakesTheNext() throws Exception {
    // given
    byte[] large = oru().add("OBX|1|ST|A||" + "x".repeat(10 << 20) + "||||||F").bytes();

    try (RawMllp lab = new RawMllp(tls, node.port())) {
      // when
      lab.send(framed(large));
      String refused = lab.answer();
      lab.send(framed(numbered(2)));
      String taken = lab.answer();

      // then
      assertThat(refused).contains("MSA|AE|M1|", "too-large");
      assertThat(taken).contains("MSA|AA|M2");
      assertThat(
              outside
                  .sql("SELECT count(*) FROM lab_rejection WHERE content IS NULL")
                  .query(Long.class)
                  .single())
          .isEqualTo(1);
    }
  }

  @Test
  void storesAMessageThatIsAlmostTooLarge() throws Exception {
    // given
    byte[] large = oru().add("OBX|1|ST|A||" + "x".repeat(7 << 20) + "||||||F").bytes();

    try (RawMllp lab = new RawMllp(tls, node.port())) {
      // when
      lab.send(framed(large));

      // then
      assertThat(lab.answer()).contains("MSA|AA|M1");
    }
  }

  @Test
  void livesThroughBrokenConnections(CapturedOutput log) throws Exception {
    try (RawMllp endless = new RawMllp(tls, node.port());
        RawMllp framedGarbage = new RawMllp(tls, node.port());
        RawMllp noMessage = new RawMllp(tls, node.port());
        RawMllp withoutTls = new RawMllp(node.port())) {
      // when
      endless.send("skräp utan ram".getBytes(UTF_8));
      framedGarbage.send(new byte[] {'x', 0x1C, '\r'});
      noMessage.send(framed("skräp".getBytes(UTF_8)));
      withoutTls.send(framed(numbered(7)));
      try (RawMllp cut = new RawMllp(tls, node.port())) {
        byte[] frame = framed(numbered(1));
        cut.send(Arrays.copyOf(frame, frame.length - 10));
      }

      // then
      assertThat(noMessage.answer()).contains("MSA|AR||", "unreadable");
      assertThat(framedGarbage.isClosed()).isTrue();
      assertThat(withoutTls.answer()).doesNotContain("MSA");
      assertThat(sent(oru().with("OBR", 3, "L-9")).get("/MSA-1")).isEqualTo("AA");
      assertThat(endless.isClosed()).as("closed for being idle").isTrue();
      assertThat(records()).isEqualTo(1);
      assertThat(log.getAll()).contains("lab.connection-broken").doesNotContain("skräp", RESIDENT);
    }
  }

  @Test
  void refusesACertificateThatNobodyIsListedWith(CapturedOutput log) throws Exception {
    try (RawMllp lab = new RawMllp(tls, node.port())) {
      // given
      lab.send(framed(numbered(1)));
      assertThat(lab.answer()).contains("MSA|AA|M1");

      // when
      list("CN=somebody else");
      lab.send(framed(numbered(2)));

      // then
      assertThat(lab.answer()).contains("MSA|AR|M2");
      assertThat(lab.isClosed()).isTrue();
      assertThat(records()).isEqualTo(1);
      assertThat(log.getAll()).contains("lab.sender-unknown");
    } finally {
      list("CN=samflode");
    }
  }

  @Test
  void refusesACertificateThatIsNotTrusted() throws Exception {
    // given
    SSLContext stranger = tls("server.p12");

    // then
    assertThatThrownBy(
            () -> {
              try (RawMllp lab = new RawMllp(stranger, node.port())) {
                lab.send(framed(numbered(1)));
                assertThat(lab.answer()).isEmpty();
                throw new SSLException("closed without an answer");
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(records()).isZero();
  }

  @Test
  void takesNoMoreConnectionsThanItShould(CapturedOutput log) throws Exception {
    // given
    List<RawMllp> labs = new ArrayList<>();
    try {
      for (int i = 0; i < MllpNode.CONNECTIONS; i++) {
        RawMllp lab = new RawMllp(tls, node.port());
        labs.add(lab);
        lab.send(framed(numbered(i)));
        assertThat(lab.answer()).contains("MSA|AA");
      }

      // when
      assertThatThrownBy(
              () -> {
                try (RawMllp lab = new RawMllp(tls, node.port())) {
                  lab.send(framed(numbered(99)));
                  assertThat(lab.answer()).isEmpty();
                  throw new SSLException("closed without an answer");
                }
              })
          .isInstanceOf(IOException.class);

      // then
      assertThat(log.getAll()).containsOnlyOnce("lab.connections-full");
    } finally {
      for (RawMllp lab : labs) {
        lab.close();
      }
    }
    await().untilAsserted(() -> assertThat(sent(oru()).get("/MSA-1")).isEqualTo("AA"));
  }

  @Test
  void answersWhatIsBeingStoredWhenItStops() throws Exception {
    // given
    MllpNode stopping = MllpNode.plain(database, senders, "gotalab");
    DriverManagerDataSource other = new DriverManagerDataSource(database.url());
    TransactionTemplate blocking = new TransactionTemplate(new JdbcTransactionManager(other));
    try (RawMllp lab = new RawMllp(stopping.port());
        RawMllp idle = new RawMllp(stopping.port())) {
      idle.send(framed(numbered(2)));
      assertThat(idle.answer()).contains("MSA|AA");

      // when
      CompletableFuture<Void> stopped =
          blocking.execute(status -> {
            JdbcClient.create(other).sql("LOCK TABLE lab_record IN ACCESS EXCLUSIVE MODE").update();
            try {
              lab.send(framed(numbered(1)));
              await().until(MllpIT::isWaiting);
              CompletableFuture<Void> closing = CompletableFuture.runAsync(stopping::close);
              assertThat(idle.isClosed()).isTrue();
              return closing;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });

      // then
      assertThat(lab.answer()).contains("MSA|AA|M1");
      assertThat(lab.isClosed()).isTrue();
      assertThat(stopped).isNotNull();
      stopped.get(60, TimeUnit.SECONDS);
      assertThat(versions("L-1")).isEqualTo(1);
    }
  }

  /** Whether somebody waits for a lock in the database. */
  private static boolean isWaiting() {
    return outside
            .sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            .query(Integer.class)
            .single()
        > 0;
  }

  private static OruMessage oru() {
    return OruMessage.of(RESIDENT);
  }

  private static byte[] numbered(int number) {
    return oru()
        .with("MSH", 10, "M" + number)
        .with("OBR", 3, "L-" + number)
        .add("OBX|1|NM|A||5||||||F")
        .bytes();
  }

  /** Sends by the stock client and waits for the acknowledgement. */
  private Terser sent(OruMessage message) throws HL7Exception, LLPException, IOException {
    Message parsed = hapi.getGenericParser().parse(message.text());
    try (Connection connection = hapi.newClient("127.0.0.1", node.port(), true)) {
      connection.getInitiator().setTimeout(60, TimeUnit.SECONDS);
      return new Terser(connection.getInitiator().sendAndReceive(parsed));
    }
  }

  private static void list(String certificate) throws IOException {
    Files.writeString(
        senders,
        """
          controllers:
            - id: SE2321000131-0001
              name: Region Västra Götaland
              retention: 3650d
          senders:
            - id: gotalab
              name: Götalab
              certificates: ["%s"]
              sourceSystems:
                - id: SE5565594230-LAB2
                  name: Götalab
                  dataController: SE2321000131-0001
            - id: svealab
              name: Svealab
              kafka: true
              sourceSystems:
                - id: SE5565594230-LAB1
                  name: Svealab
                  dataController: SE2321000131-0001
        """
            .formatted(certificate));
    if (node != null) {
      node.rereadSenders();
    }
  }

  private static SSLContext tls(String keys) throws IOException, GeneralSecurityException {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(store(keys), "changeit".toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store("trusts-server.p12"));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore store(String file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(stores.folder().resolve(file))) {
      store.load(in, "changeit".toCharArray());
    }
    return store;
  }

  /** Takes the database away, or gives it back. */
  private static void letConnect(boolean allowed) {
    String name = database.url().replaceAll(".*/(test_[0-9]+).*", "$1");
    JdbcClient server =
        JdbcClient.create(
            new DriverManagerDataSource(database.url().replace("/" + name, "/postgres")));
    server.sql("ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + allowed).update();
    if (!allowed) {
      server
          .sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
          .param("name", name)
          .query(Boolean.class)
          .list();
    }
  }

  private static LabReport standing(String record) {
    return LabJson.read(
        outside
            .sql(
                """
                SELECT content FROM lab_version JOIN lab_record USING (source_system, record_id, version)
                 WHERE record_id = :record\
                """)
            .param("record", record)
            .query(String.class)
            .single());
  }

  private static int versions(String record) {
    return outside
        .sql("SELECT versions FROM lab_record WHERE record_id = :record")
        .param("record", record)
        .query(Integer.class)
        .single();
  }

  private static long records() {
    return outside.sql("SELECT count(*) FROM lab_record").query(Long.class).single();
  }

  private static long rejections() {
    return outside.sql("SELECT count(*) FROM lab_rejection").query(Long.class).single();
  }
}
