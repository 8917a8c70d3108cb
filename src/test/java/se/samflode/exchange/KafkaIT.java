package se.samflode.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static se.samflode.exchange.NotifyingNode.OTHER_RESIDENT;
import static se.samflode.exchange.NotifyingNode.RESIDENT;
import static se.samflode.exchange.NotifyingNode.add;
import static se.samflode.exchange.NotifyingNode.delete;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import se.samflode.faults.PostgresServer;
import se.samflode.testing.IndexClient;
import se.samflode.testing.KafkaBroker;
import se.samflode.testing.KafkaPeer;
import se.samflode.testing.KafkaPeer.Read;
import se.samflode.testing.OpenApiContract;
import se.samflode.testing.PublishedChanges;
import se.samflode.testing.TestDatabase;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Changes out and updates in over a real broker, by the whole application on a real database. */
@ExtendWith(OutputCaptureExtension.class)
class KafkaIT {

  private static final String CHANGES = "engagement-changes.v1";
  private static final String FIRST = "20261124093000";
  private static final String LATER = "20261201080000";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");
  private static final OpenApiContract CONTRACT = OpenApiContract.ofMessages();

  @TempDir private static Path brokerFolder;
  @TempDir private Path folder;

  private static KafkaBroker broker;
  private static int tests;

  /** Of each test another, so that none reads what another has left. */
  private final String sender = "region-" + ++tests;

  private final String updates = "engagement-updates.v1." + sender;
  private final String receipts = "engagement-receipts.v1." + sender;

  private final Map<String, NotifyingNode> nodes = new LinkedHashMap<>();
  private TestDatabase database;
  private Path senders;
  private KafkaPeer peer;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = new KafkaBroker(brokerFolder.resolve("broker"));
    broker.createTopic(CHANGES, 3, Map.of());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void prepare() throws IOException {
    broker.start();
    broker.createTopic(updates, 2, Map.of("max.message.bytes", "12000000"));
    broker.createTopic(receipts, 2, Map.of());
    database = TestDatabase.create();
    senders = folder.resolve("senders.yaml");
    writeSenders(sender);
    peer = new KafkaPeer(broker, CHANGES, receipts);
  }

  @AfterEach
  void stop() {
    nodes.values().forEach(NotifyingNode::close);
    peer.close();
  }

  private void writeSenders(String... ids) throws IOException {
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        "controllers: [{ id: SE2321000016-0001, name: Region, retention: 100d }]\nsenders:\n");
    for (int i = 0; i < ids.length; i++) {
      yaml.append(
          """
            - id: %s
              name: A sender
              kafka: true
              sourceSystems: [{ id: SE2321000016-S00%d, name: It, dataController: SE2321000016-0001 }]
          """
              .formatted(ids[i], i + 1));
    }
    Files.writeString(senders, yaml);
  }

  private NotifyingNode start(String name) {
    return start(name, database.url(), broker.address());
  }

  private NotifyingNode start(String name, String url, @Nullable String brokers) {
    return start(name, url, brokers, Map.of());
  }

  private NotifyingNode start(
      String name, String url, @Nullable String brokers, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("samflode.senders", senders.toUri().toString());
    if (brokers != null) {
      settings.put("samflode.kafka.brokers", brokers);
    }
    NotifyingNode node = new NotifyingNode(url, settings);
    nodes.put(name, node);
    return node;
  }

  private void close(String name) {
    NotifyingNode node = nodes.remove(name);
    if (node != null) {
      node.close();
    }
  }

  // Changes out

  @Test
  void publishesAddsChangesAndDeletionsInOrder() {
    // given
    NotifyingNode node = start("one");

    // when
    node.update(add(RESIDENT, "b1", FIRST));
    node.update(add(RESIDENT, "b1", LATER));
    node.update(delete(RESIDENT, "b1"));

    // then
    await().untilAsserted(() -> assertThat(peer.read(CHANGES)).hasSize(3));
    List<Read> read = peer.read(CHANGES);
    assertThat(read)
        .extracting(Read::value)
        .allSatisfy(value -> CONTRACT.assertValid("EngagementChange", value));
    assertThat(read).extracting(Read::partition).containsOnly(read.getFirst().partition());
    assertThat(read)
        .allSatisfy(one -> assertThat(one.key()).isEqualTo(json(one).path("id").asString()));
    assertThat(read)
        .extracting(one -> json(one).path("position").asLong())
        .containsExactly(1L, 2L, 3L);
    assertThat(read)
        .extracting(one -> json(one).at("/engagement/mostRecentContent").asString())
        .startsWith(FIRST, LATER);
    assertThat(read)
        .extracting(one -> json(one).path("deleted").asBoolean())
        .containsExactly(false, false, true);
    await()
        .untilAsserted(() ->
            assertThat(node.metrics())
                .contains("samflode_kafka_published_total 3.0", "samflode_kafka_waiting 0.0"));
    assertThat(node.health("kafka").statusCode()).isEqualTo(200);
    assertThat(node.health("kafka").body())
        .contains("\"status\":\"UP\"", "\"broker\":\"reachable\"");
  }

  @Test
  void isNotThereAtAllWithoutBrokersAndBeginsLaterWithTheOldestChangeOfTheFeed() {
    // given
    NotifyingNode without = start("without", database.url(), null);
    without.update(add(RESIDENT, "b1", FIRST), add(OTHER_RESIDENT, "b2", FIRST));
    without.update(delete(RESIDENT, "b1"));
    assertThat(without.health("kafka").statusCode()).isEqualTo(404);
    assertThat(without.metrics()).doesNotContain("samflode_kafka");
    close("without");

    // when
    start("with");

    // then
    await()
        .untilAsserted(() -> assertThat(objects()).containsExactlyInAnyOrder("+b1", "+b2", "-b1"));
  }

  @Test
  void losesNothingAndGoesOnByItselfWhileTheBrokerIsDown() throws Exception {
    // given
    NotifyingNode node = start("one");
    node.update(add(RESIDENT, "b0", FIRST));
    await().untilAsserted(() -> assertThat(peer.read(CHANGES)).hasSize(1));

    // when
    broker.kill();
    try (IndexClient index =
        new IndexClient(node.uri(), NotifyingNode.INDEX, Duration.ofSeconds(10))) {
      for (int i = 1; i <= 200; i++) {
        // then
        assertThat(IndexClient.acknowledges(index.send("Update", index.adding(List.of(row(i))))))
            .isTrue();
      }
      assertThat(index.send("FindContent", index.finding("reserve-1", "riv:crm:scheduling")).body())
          .contains(">k1<");
    }
    patiently()
        .untilAsserted(() ->
            assertThat(node.health("kafka").body())
                .contains("\"status\":\"DOWN\"", "\"broker\":\"unreachable\"", "\"waiting\":200"));
    assertThat(node.health("readiness").statusCode()).isEqualTo(200);
    broker.start();
    patiently()
        .untilAsserted(() -> assertThat(peer.read(CHANGES)).hasSizeGreaterThanOrEqualTo(201));
    inOrderAndWhole();
    patiently()
        .untilAsserted(() ->
            assertThat(node.health("kafka").body()).contains("\"status\":\"UP\"", "\"waiting\":0"));
  }

  private static IndexClient.Row row(int i) {
    return new IndexClient.Row(
        "reserve-" + i % 5, "riv:crm:scheduling", "SE2321000016-A001", "k" + i % 20, time(i));
  }

  @Test
  void letsAnotherNodeGoOnWhenOneStops() {
    // given
    NotifyingNode one = start("one");
    NotifyingNode two = start("two");
    IntStream.range(0, 50)
        .forEach(i -> (i % 2 == 0 ? one : two).update(add(RESIDENT, "b" + i % 3, time(i))));

    // when
    close("one");
    IntStream.range(50, 100).forEach(i -> two.update(add(RESIDENT, "b" + i % 3, time(i))));

    // then
    patiently()
        .untilAsserted(() -> assertThat(peer.read(CHANGES)).hasSizeGreaterThanOrEqualTo(100));
    inOrderAndWhole();
  }

  @Test
  void letsAnotherNodePublishWhereOneCannot() {
    // given
    NotifyingNode one =
        start(
            "cannot",
            database.url(),
            broker.address(),
            Map.of("samflode.kafka.properties.max.request.size", "10"));
    one.update(add(RESIDENT, "b1", FIRST));
    await()
        .untilAsserted(() ->
            assertThat(one.health("kafka").body()).contains("\"status\":\"DOWN\"", "publishError"));

    // when
    start("can");

    // then
    patiently().untilAsserted(() -> assertThat(objects()).containsExactly("+b1"));
  }

  @Test
  void tellsThatTheFeedNoLongerHasWhatWasNotPublishedAndGoesOn(CapturedOutput output) {
    // given
    NotifyingNode one = start("one");
    one.update(add(RESIDENT, "b1", FIRST));
    await().untilAsserted(() -> assertThat(peer.read(CHANGES)).hasSize(1));
    close("one");
    NotifyingNode without = start("without", database.url(), null);
    IntStream.range(0, 5).forEach(i -> without.update(add(RESIDENT, "b1", time(i))));
    without.update(add(OTHER_RESIDENT, "gone", FIRST));
    database.client().sql("DELETE FROM change WHERE position BETWEEN 2 AND 4").update();
    database
        .client()
        .sql("DELETE FROM change WHERE business_object_instance_identifier = 'gone'")
        .update();

    // when
    NotifyingNode two = start("two");

    // then
    await().untilAsserted(() -> assertThat(objects()).containsExactly("+b1", "+b1", "+b1"));
    await()
        .untilAsserted(() -> assertThat(two.metrics()).contains("samflode_kafka_lost_total 4.0"));
    assertThat(output).contains("kafka.changes-lost");
    two.update(add(OTHER_RESIDENT, "b2", FIRST));
    await().untilAsserted(() -> assertThat(objects()).contains("+b2"));
  }

  // Updates in

  @Test
  void storesUpdatesAndAnswersEachRecordByAReceipt(CapturedOutput output) {
    // given
    NotifyingNode node = start("one");

    // when
    peer.send(
        updates,
        "key-1",
        "record-1",
        bytes(list(update(false, RESIDENT, "b1"), update(false, OTHER_RESIDENT, "b2"))));
    await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(1));
    peer.send(updates, "key-1", null, bytes(list(update(true, RESIDENT, "b1"))));

    // then
    await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(2));
    assertThat(stored()).containsExactly("b2");
    Read receipt = peer.read(receipts).getFirst();
    assertThat(receipt.key()).isEqualTo("key-1");
    assertThat(receipt.id()).isEqualTo("record-1");
    CONTRACT.assertValid("EngagementReceipt", receipt.value());
    assertThat(json(receipt).path("outcome").asString()).isEqualTo("stored");
    assertThat(json(receipt).path("id").asString()).isEqualTo("record-1");
    assertThat(json(receipt).path("topic").asString()).isEqualTo(updates);
    assertThat(json(receipt).path("transactions").asInt()).isEqualTo(2);
    assertThat(peer.read(receipts).getLast().id()).isNull();
    // What came in goes out.
    await().untilAsserted(() -> assertThat(objects()).contains("+b1", "+b2", "-b1"));
    await()
        .untilAsserted(() ->
            assertThat(node.metrics())
                .contains(
                    "samflode_kafka_received_total{outcome=\"stored\",sender=\""
                        + sender
                        + "\"} 2.0"));
    assertThat(output).doesNotContain(RESIDENT).doesNotContain(OTHER_RESIDENT);
  }

  @Test
  void takesTheSameRecordAgainAsDone() {
    // given
    start("one");
    byte[] record = bytes(list(update(false, RESIDENT, "b1")));

    // when
    peer.send(updates, "k", "r", record);
    peer.send(updates, "k", "r", record);

    // then
    await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(2));
    assertThat(peer.read(receipts))
        .extracting(one -> json(one).path("outcome").asString())
        .containsOnly("stored");
    assertThat(stored()).containsExactly("b1");
    assertThat(database.client().sql("SELECT count(*) FROM change").query(Long.class).single())
        .isEqualTo(1);
  }

  @Test
  void answersButDoesNotStoreAgainOlderRecordsThatAreReadAfterNewerOnes() {
    // given
    start("one");
    peer.send(updates, "k", "adds", bytes(list(update(false, RESIDENT, "b1"))));
    peer.send(updates, "k", "deletes", bytes(list(update(true, RESIDENT, "b1"))));
    peer.send(updates, "k", "breaks a rule", bytes("[]"));
    peer.send(updates, "k", "adds another", bytes(list(update(false, RESIDENT, "b2"))));
    await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(4));
    long versions = versions();
    close("one");

    // when
    KafkaPeer.rewind(broker, "samflode.engagement-updates." + sender, updates);
    start("two");

    // then
    patiently().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(8));
    assertThat(peer.read(receipts))
        .extracting(one -> one.id() + " " + json(one).path("outcome").asString())
        .containsExactly(
            "adds stored",
            "deletes stored",
            "breaks a rule rejected",
            "adds another stored",
            "adds stored",
            "deletes stored",
            "breaks a rule rejected",
            "adds another stored");
    assertThat(versions()).isEqualTo(versions);
    assertThat(stored()).containsExactly("b2");
    assertThat(database.client().sql("SELECT count(*) FROM change").query(Long.class).single())
        .isEqualTo(3);
  }

  @Test
  void aRecordThatWasRejectedIsNotToldAsStoredWhenItIsReadAgainBehindLaterOnes()
      throws IOException {
    // given
    start("one");
    peer.send(updates, "k", "first", bytes(list(update(false, RESIDENT, "b1"))));
    peer.send(updates, "k", "refused", bytes(list(ofAnother(update(false, RESIDENT, "b2")))));
    peer.send(updates, "k", "later", bytes(list(update(false, RESIDENT, "b3"))));
    peer.send(updates, "k", "last", bytes(list(ofAnother(update(false, RESIDENT, "b4")))));
    await().untilAsserted(() -> assertThat(told(peer.read(receipts))).hasSize(4));
    close("one");

    // when
    takeTheOthersToo();
    KafkaPeer.rewind(broker, "samflode.engagement-updates." + sender, updates);
    start("two");

    // then
    patiently().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(8));
    assertThat(told(peer.read(receipts)))
        .containsExactly(
            "first stored",
            "refused rejected source-system",
            "later stored",
            "last rejected source-system",
            "first stored",
            "refused rejected overtaken",
            "later stored",
            "last stored");
    assertThat(stored()).containsExactlyInAnyOrder("b1", "b3", "b4");
  }

  @Test
  void tellsNoRecordAsStoredOfWhichItIsNotKnownAnyMore() throws IOException {
    // given
    NotifyingNode one = start("one");
    for (int i = 0; i < 3; i++) {
      peer.send(updates, "k", "refused", bytes(list(ofAnother(update(false, RESIDENT, "r" + i)))));
      peer.send(updates, "k", "taken", bytes(list(update(false, RESIDENT, "t" + i))));
    }
    await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(6));

    // when
    database
        .client()
        .sql(
            "UPDATE unstored_offset SET noted_at = noted_at - interval '15 days'"
                + " WHERE last_offset < 4")
        .update();
    one.forgetRecords();
    close("one");
    takeTheOthersToo();
    KafkaPeer.rewind(broker, "samflode.engagement-updates." + sender, updates);
    start("two");

    // then
    assertThat(
            database
                .client()
                .sql("SELECT count(*) FROM unstored_offset")
                .query(Long.class)
                .single())
        .isEqualTo(2);
    patiently().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(12));
    assertThat(told(peer.read(receipts)).subList(6, 12))
        .containsExactly(
            "refused rejected overtaken",
            "taken rejected overtaken",
            "refused rejected overtaken",
            "taken stored",
            "refused rejected overtaken",
            "taken stored");
    assertThat(stored()).containsExactlyInAnyOrder("t0", "t1", "t2");
  }

  /** What each receipt says: the record, the outcome, the reason. */
  private static List<String> told(List<Read> receipts) {
    return receipts.stream()
        .map(one -> {
          CONTRACT.assertValid("EngagementReceipt", one.value());
          return (one.id()
                  + " "
                  + json(one).path("outcome").asString()
                  + " "
                  + json(one).at("/reasons/0/code").asString(""))
              .strip();
        })
        .toList();
  }

  /** A transaction of a source system that the sender may not send for. */
  private static String ofAnother(String transaction) {
    return transaction.replace("-S001", "-S002");
  }

  private void takeTheOthersToo() throws IOException {
    String mended =
        Files.readString(senders)
            .replace(
                "sourceSystems: [",
                "sourceSystems: [{ id: SE2321000016-S002, name: New, dataController:"
                    + " SE2321000016-0001 }, ");
    Files.writeString(senders, mended);
  }

  @Test
  void storesTheRecordsOfATopicThatWasDeletedAndMadeAnew() {
    // given
    start("one");
    IntStream.range(0, 5)
        .forEach(
            i -> peer.send(updates, "k", "r" + i, bytes(list(update(false, RESIDENT, "b" + i)))));
    await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(5));

    // when
    broker.deleteTopic(updates);
    broker.createTopic(updates, 2, Map.of());
    peer.send(updates, "k", "first", bytes(list(update(true, RESIDENT, "b0"))));

    // then
    patiently()
        .untilAsserted(
            () -> assertThat(peer.read(receipts)).extracting(Read::id).contains("first"));
    assertThat(stored()).containsExactlyInAnyOrder("b1", "b2", "b3", "b4");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 6})
  void storesTheRecordsOfATopicThatWasMadeAnewWhileRecordsOfTheOldOneWaited(int records)
      throws Exception {
    // given
    start("one");
    send("old-0");
    await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(1));

    // when
    try (Connection blocking = DriverManager.getConnection(database.url())) {
      blocking.setAutoCommit(false);
      blocking.createStatement().execute("LOCK TABLE stored_offset IN EXCLUSIVE MODE");
      send("old-1", "old-2", "old-3");
      await().until(this::isWaiting);
      broker.deleteTopic(updates);
      broker.createTopic(updates, 2, Map.of());
      IntStream.range(0, records).forEach(i -> send("new-" + i));
      blocking.rollback();
    }

    // then
    patiently()
        .untilAsserted(() ->
            assertThat(told(peer.read(receipts)))
                .containsAll(
                    IntStream.range(0, records).mapToObj(i -> "new-" + i + " stored").toList()));
    assertThat(
            told(peer.read(receipts)).stream()
                .filter(told -> told.endsWith(" stored"))
                .map(told -> told.replace(" stored", "")))
        .containsExactlyInAnyOrderElementsOf(stored());
  }

  /** Records of one partition, each adding an engagement of its own name. */
  private void send(String... names) {
    for (String name : names) {
      peer.send(updates, "k", name, bytes(list(update(false, RESIDENT, name))));
    }
  }

  /** Whether somebody waits for a lock in the database. */
  private boolean isWaiting() {
    return database
            .client()
            .sql(
                "SELECT count(*) FROM pg_stat_activity"
                    + " WHERE wait_event_type = 'Lock' AND datname = current_database()")
            .query(Integer.class)
            .single()
        > 0;
  }

  private long versions() {
    return database
        .client()
        .sql("SELECT CAST(sum(version) AS bigint) FROM version")
        .query(Long.class)
        .single();
  }

  private record Poison(String name, String body, String code, String path) {}

  private static List<Poison> poison() {
    String good = update(false, RESIDENT, "b1");
    String blank = good.replace("\"SE2321000016-A001\"", "\"\"");
    return List.of(
        new Poison("not JSON", "about " + RESIDENT, "not-json", ""),
        new Poison("cut", "[{\"engagement\":{\"registeredResident", "not-json", ""),
        new Poison(
            "twice the same field", "[{\"deleteFlag\":true,\"deleteFlag\":true}]", "not-json", ""),
        new Poison("no list", good, "EI001", ""),
        new Poison("no transaction", "[]", "EI000", ""),
        new Poison("a text as a transaction", "[\"x\"]", "EI001", "/0"),
        new Poison("no engagement", "[{\"deleteFlag\":false}]", "EI001", "/0"),
        new Poison(
            "an unknown field",
            "[" + good.replace("dataController", "x") + "]",
            "EI001",
            "/0/engagement"),
        new Poison(
            "a flag that is none",
            "[" + good.replace(":false", ":\"no\"") + "]",
            "EI001",
            "/0/deleteFlag"),
        new Poison(
            "a number",
            "[" + good.replace("\"NA\"", "1") + "]",
            "EI001",
            "/0/engagement/clinicalProcessInterestId"),
        new Poison(
            "a blank field",
            "[" + good + "," + blank + "]",
            "EI004",
            "/1/engagement/logicalAddress"),
        new Poison(
            "a NUL",
            "[" + good.replace("b1", "b\\u0000") + "]",
            "EI004",
            "/0/engagement/businessObjectInstanceIdentifier"),
        new Poison(
            "half a character",
            "[" + good.replace("b1", "b\\ud800") + "]",
            "EI004",
            "/0/engagement/businessObjectInstanceIdentifier"),
        new Poison(
            "no time",
            "[" + good.replace(FIRST, RESIDENT) + "]",
            "NONE",
            "/0/engagement/mostRecentContent"),
        new Poison(
            "our own address",
            "[" + good.replace("SE2321000016-A001", NotifyingNode.INDEX) + "]",
            "EI005",
            "/0/engagement/logicalAddress"),
        new Poison("a key twice", "[" + good + "," + good + "]", "EI002", ""),
        new Poison(
            "another's source system",
            "[" + good.replace("-S001", "-S999") + "]",
            "source-system",
            "/0/engagement/sourceSystem"),
        new Poison(
            "too many",
            "["
                + IntStream.range(0, 1001)
                    .mapToObj(i -> good.replace("b1", "b" + i))
                    .collect(Collectors.joining(","))
                + "]",
            "EI000",
            ""),
        new Poison("too large", "[" + " ".repeat(9_000_000) + "]", "too-large", ""));
  }

  @Test
  void rejectsWhatMayNotBeStoredAndIsNotHeldUpByIt(CapturedOutput output) {
    // given
    NotifyingNode node = start("one");
    List<Poison> records = poison();

    // when
    peer.send(updates, "k", "no value", null);
    records.forEach(r -> peer.send(updates, "k", r.name(), bytes(r.body())));
    peer.send(updates, "k".repeat(2_000_000), "huge key", bytes("[]"));
    peer.send(updates, "k", "good", bytes(list(update(false, RESIDENT, "good"))));

    // then
    await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(records.size() + 3));
    Map<String, JsonNode> byId = new HashMap<>();
    assertThat(peer.read(receipts))
        .allSatisfy(one -> {
          CONTRACT.assertValid("EngagementReceipt", one.value());
          assertThat(one.value()).doesNotContain(RESIDENT);
          byId.put(String.valueOf(one.id()), json(one));
        });
    assertThat(records)
        .allSatisfy(record -> {
          JsonNode receipt = byId.getOrDefault(record.name(), MissingNode.getInstance());
          assertThat(receipt.path("outcome").asString()).isEqualTo("rejected");
          assertThat(receipt.at("/reasons/0/code").asString()).isEqualTo(record.code());
          assertThat(receipt.at("/reasons/0/path").asString()).isEqualTo(record.path());
        });
    assertThat(byId.keySet()).contains("no value", "good", "huge key");
    assertThat(stored()).containsExactly("good");
    assertThat(node.metrics())
        .contains("samflode_kafka_received_total{outcome=\"rejected\",sender=\"" + sender + "\"}");
    assertThat(output).contains("kafka.record-rejected").doesNotContain(RESIDENT);
  }

  @Test
  void keepsARecordWhileTheDatabaseIsDownAlsoOverAStop() throws IOException {
    // given
    try (PostgresServer postgres = new PostgresServer(folder.resolve("postgres"))) {
      String url = postgres.running().getJdbcUrl("postgres", "postgres");
      NotifyingNode one = start("one", url, broker.address());
      peer.send(updates, "k", "before", bytes(list(update(false, RESIDENT, "b1"))));
      await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(1));

      // when
      postgres.stop();
      peer.send(updates, "k", "waits", bytes(list(update(false, RESIDENT, "b2"))));
      patiently()
          .untilAsserted(() ->
              assertThat(one.health("kafka").body())
                  .contains("\"status\":\"DOWN\"", "stuck engagement-updates-" + sender));
      Instant begun = Instant.now();
      close("one");

      // then
      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(40));
      assertThat(peer.read(receipts)).hasSize(1);

      // when
      postgres.restart();
      NotifyingNode two = start("two", url, broker.address());

      // then
      patiently().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(2));
      assertThat(json(peer.read(receipts).getLast()).path("outcome").asString())
          .isEqualTo("stored");

      // when
      postgres.stop();
      peer.send(updates, "k", "waits too", bytes(list(update(true, RESIDENT, "b2"))));
      patiently()
          .untilAsserted(
              () -> assertThat(two.health("kafka").body()).contains("stuck engagement-updates"));
      postgres.restart();

      // then
      patiently().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(3));
      patiently()
          .untilAsserted(
              () -> assertThat(two.health("kafka").body()).contains("\"status\":\"UP\""));
      two.close();
      nodes.remove("two");
    }
  }

  @Test
  void goesOnByItselfWhenTheDatabaseWasDownForLongerThanTheGroupWaitsForANode(CapturedOutput output)
      throws IOException {
    // given
    Map<String, String> impatient =
        Map.of("samflode.kafka.properties.max.poll.interval.ms", "4000");
    try (PostgresServer postgres = new PostgresServer(folder.resolve("postgres"))) {
      String url = postgres.running().getJdbcUrl("postgres", "postgres");
      NotifyingNode one = start("one", url, broker.address(), impatient);
      NotifyingNode two = start("two", url, broker.address(), impatient);
      peer.send(updates, "k", "before", bytes(list(update(false, RESIDENT, "b1"))));
      await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(1));

      // when
      postgres.stop();
      peer.send(updates, "k", "deletes", bytes(list(update(true, RESIDENT, "b1"))));
      peer.send(updates, "k", "adds", bytes(list(update(false, RESIDENT, "b2"))));
      patiently().untilAsserted(() -> assertThat(output).contains("poll timeout has expired"));
      patiently()
          .untilAsserted(() ->
              assertThat(List.of(one, two))
                  .allSatisfy(node ->
                      assertThat(node.health("kafka").body()).contains("stuck engagement-")));
      postgres.restart();
      peer.send(updates, "k", "after", bytes(list(update(false, RESIDENT, "b3"))));

      // then
      patiently()
          .untilAsserted(() ->
              assertThat(peer.read(receipts).stream().map(Read::id).distinct())
                  .containsExactly("before", "deletes", "adds", "after"));
      patiently()
          .untilAsserted(() ->
              assertThat(List.of(one, two))
                  .allSatisfy(node ->
                      assertThat(node.health("kafka").body()).contains("\"status\":\"UP\"")));
      patiently()
          .untilAsserted(() ->
              assertThat(KafkaPeer.committed(broker, "samflode.engagement-updates." + sender))
                  .containsValue(4L));
      assertThat(
              new TestDatabase(url)
                  .client()
                  .sql("SELECT count(*) FROM change")
                  .query(Long.class)
                  .single())
          .isEqualTo(4);
      close("one");
      close("two");
    }
  }

  @Test
  void goesOnReceivingWhenTheBrokerComesBack() {
    // given
    start("one");
    peer.send(updates, "k", "before", bytes(list(update(false, RESIDENT, "b1"))));
    await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(1));

    // when
    broker.kill();
    broker.start();
    peer.send(updates, "k", "after", bytes(list(update(false, RESIDENT, "b2"))));

    // then
    patiently()
        .untilAsserted(
            () -> assertThat(peer.read(receipts)).extracting(Read::id).contains("before", "after"));
    assertThat(stored()).containsExactlyInAnyOrder("b1", "b2");
  }

  @Test
  void followsTheFileOfSenders(CapturedOutput output) throws IOException {
    // given
    String other = "another-" + sender;
    NotifyingNode node = start("one");
    await().untilAsserted(() -> assertThat(output).contains("engagement-updates-" + sender));

    // when
    writeSenders(other);
    touch();

    // then
    patiently().untilAsserted(() -> assertThat(output).contains("kafka.route-stopped"));
    broker.createTopic("engagement-receipts.v1." + other, 1, Map.of());
    patiently()
        .untilAsserted(() ->
            assertThat(node.health("kafka").body()).contains("engagement-updates.v1." + other));

    // when
    broker.createTopic("engagement-updates.v1." + other, 1, Map.of());

    // then
    try (KafkaPeer theirs = new KafkaPeer(broker, "engagement-receipts.v1." + other)) {
      theirs.send(
          "engagement-updates.v1." + other, "k", "r", bytes(list(update(false, RESIDENT, "b1"))));
      patiently()
          .untilAsserted(
              () -> assertThat(theirs.read("engagement-receipts.v1." + other)).hasSize(1));
    }
    assertThat(stored()).containsExactly("b1");
  }

  @Test
  void sharesASendersPartitionsAmongNodes() {
    // given
    start("one");
    start("two");

    // when
    AtomicInteger sent = new AtomicInteger();
    IntStream.range(0, 60)
        .forEach(i -> {
          peer.send(updates, "k" + i, "r" + i, bytes(list(update(false, RESIDENT, "b" + i))));
          if (sent.incrementAndGet() == 30) {
            close("one");
          }
        });

    // then
    patiently()
        .untilAsserted(
            () -> assertThat(peer.read(receipts).stream().map(Read::id).distinct()).hasSize(60));
    assertThat(stored()).hasSize(60);
    patiently()
        .untilAsserted(() ->
            assertThat(
                    KafkaPeer.committed(broker, "samflode.engagement-updates." + sender).values())
                .hasSize(2)
                .allMatch(offset -> offset > 0));
  }

  @Test
  void measuresAllThatAlarmsAreMadeOf() throws IOException {
    // given
    String used = Files.readString(Path.of("docs/monitoring/alerts.yaml"));

    // when
    NotifyingNode node = start("one");
    peer.send(updates, "k", "r", bytes(list(update(false, RESIDENT, "b1"))));
    await().untilAsserted(() -> assertThat(peer.read(receipts)).hasSize(1));

    // then
    assertThat(
            Pattern.compile("\\bsamflode_kafka_[a-z_]+")
                .matcher(used)
                .results()
                .map(MatchResult::group))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(node.metrics()).contains("\n" + name));
  }

  /** Waits for what takes longer: the group must miss a node, or all find a broker again. */
  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(60));
  }

  private void touch() throws IOException {
    Files.setLastModifiedTime(senders, FileTime.from(Instant.now().plusSeconds(5)));
  }

  private List<String> objects() {
    return peer.read(CHANGES).stream()
        .map(KafkaIT::json)
        .map(change ->
            (change.path("deleted").asBoolean() ? "-" : "+")
                + change.at("/engagement/businessObjectInstanceIdentifier").asString())
        .toList();
  }

  private List<String> stored() {
    return database
        .client()
        .sql("SELECT business_object_instance_identifier FROM engagement")
        .query((row, number) -> row.getString(1))
        .list();
  }

  private void inOrderAndWhole() {
    PublishedChanges.areWholeAndInOrder(database.client(), peer.read(CHANGES));
  }

  private static String time(int i) {
    return TIME.format(LocalDateTime.of(2027, 1, 1, 0, 0).plusSeconds(i));
  }

  private static JsonNode json(Read read) {
    return JsonMapper.shared().readTree(read.value());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String list(String... transactions) {
    return "[" + String.join(",", transactions) + "]";
  }

  private static String update(boolean delete, String resident, String object) {
    String text =
        """
        { "deleteFlag":%s, "engagement": { "registeredResidentIdentification": "%s",
          "serviceDomain": "riv:crm:scheduling", "categorization": "Booking",
          "logicalAddress": "SE2321000016-A001", "businessObjectInstanceIdentifier": "%s",
          "clinicalProcessInterestId": "NA", "mostRecentContent": "%s",
          "sourceSystem": "SE2321000016-S001", "dataController": "SE2321000016-0001" } }
        """
            .formatted(delete, resident, object, FIRST);
    CONTRACT.assertValid("EngagementUpdates", "[" + text + "]");
    return text;
  }
}
