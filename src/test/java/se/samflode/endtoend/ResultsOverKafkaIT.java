package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static se.samflode.testing.LabBundles.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.KafkaWay;
import se.samflode.mockregions.LabSample;
import se.samflode.readmodel.Kind;
import se.samflode.testing.KafkaBroker;
import se.samflode.testing.KafkaPeer;
import se.samflode.testing.LabBundles;
import se.samflode.testing.OpenApiContract;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a lab pushes over Kafka: only a receipt means that we have it. */
class ResultsOverKafkaIT {

  private static final String RESULTS = "lab-results.v1.norrlab";
  private static final String RECEIPTS = "lab-receipts.v1.norrlab";
  private static final String LAB = "SE5565594230-LAB3";

  @TempDir private static Path folder;

  private static KafkaBroker broker;
  private static DemoSystem system;
  private static HttpCaller caller;
  private static String resident;

  @BeforeAll
  static void start() throws Exception {
    resident = Residents.whoShows("a complete answer");
    broker = new KafkaBroker(folder.resolve("broker"));
    // One partition, so that what waits behind a poison record is seen.
    broker.createTopic(RESULTS, 1, Map.of("max.message.bytes", "12000000"));
    broker.createTopic(RECEIPTS, 1, Map.of());
    broker.createTopic("engagement-changes.v1", 1, Map.of());
    system =
        DemoSystem.start(
            new DemoSystem.Settings(RunningSystem.SEED, RunningSystem.START_DAY, false),
            Map.of("samflode.kafka.brokers", broker.address(), "samflode.producers.ramp", "0s"));
    caller = new HttpCaller(system);
  }

  @AfterAll
  static void stop() {
    system.close();
    broker.close();
  }

  @Test
  void aReceiptMeansThatTheResidentReadsIt() throws Exception {
    // given
    LabSample sample = sample("k-1", "5.1", "final", 0);
    LabSample withdrawal = sample("k-1", "5.1", "entered-in-error", 60);
    try (KafkaWay lab = new KafkaWay(broker.address(), "norrlab", LAB)) {
      // when
      boolean stored = lab.push(sample);

      // then
      assertThat(stored).isTrue();
      assertThat(values("k-1")).containsExactly("5.1");

      // when, then
      assertThat(lab.push(sample)).isTrue();
      assertThat(lab.push(withdrawal)).isTrue();
      assertThat(values("k-1")).isEmpty();
    }
  }

  @Test
  void aPoisonRecordGetsAReceiptAndHoldsNothingUp() {
    // given
    byte[] good =
        LabBundles.json(LabBundles.transaction(LabBundles.lab(resident, "k-2"))).getBytes(UTF_8);
    byte[] foreign =
        LabBundles.json(
                LabBundles.transaction(
                    LabBundles.lab(resident, "k-3").sourceSystem("SE5565594230-LAB1")))
            .getBytes(UTF_8);
    try (KafkaPeer peer = new KafkaPeer(broker, RECEIPTS)) {
      // when
      peer.send(RESULTS, "a", null, "no JSON".getBytes(UTF_8));
      peer.send(RESULTS, "b", null, null);
      peer.send(RESULTS, "c", null, foreign);
      peer.send(RESULTS, "d", null, new byte[9_000_000]);
      peer.send(RESULTS, "e", null, good);

      // then
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(peer.read(RECEIPTS)).hasSize(5));
      List<KafkaPeer.Read> receipts = peer.read(RECEIPTS);
      assertThat(receipts.stream().map(KafkaPeer.Read::key))
          .containsExactly("a", "b", "c", "d", "e");
      assertThat(receipts.stream().map(receipt -> told(receipt.value())))
          .containsExactly(
              "rejected unreadable",
              "rejected unreadable",
              "rejected source-system",
              "rejected too-large",
              "stored ");
      OpenApiContract contract = OpenApiContract.ofMessages();
      receipts.forEach(receipt -> contract.assertValid("LabReceipt", receipt.value()));
      assertThat(receipts.toString()).doesNotContain(resident);
      assertThat(values("k-2")).containsExactly("5.2");
    }
  }

  @Test
  void recordsThatAreReadAgainWithdrawNothingThatWasIssuedAnew() throws Exception {
    // given
    RouteController routes = system.application().getBean(CamelContext.class).getRouteController();
    try (KafkaPeer peer = new KafkaPeer(broker, RECEIPTS)) {
      peer.send(RESULTS, "k", null, version(lab(resident, "k-5").value("5.0")));
      peer.send(RESULTS, "k", null, version(lab(resident, "k-5").status("entered-in-error")));
      long last =
          peer.send(RESULTS, "k", null, version(lab(resident, "k-5").value("5.5"))).offset();
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(receiptsOf(peer, last)).isEqualTo(1));
      assertThat(values("k-5")).containsExactly("5.5");

      // when
      routes.stopRoute("lab-results-norrlab");
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptions()
          .untilAsserted(() -> KafkaPeer.rewind(broker, "samflode.lab-results.norrlab", RESULTS));
      routes.startRoute("lab-results-norrlab");

      // then
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> assertThat(receiptsOf(peer, last)).isEqualTo(2));
      assertThat(values("k-5")).containsExactly("5.5");
    }
  }

  private static byte[] version(LabBundles.Lab answer) {
    return LabBundles.json(LabBundles.transaction(answer.issued(null))).getBytes(UTF_8);
  }

  private static long receiptsOf(KafkaPeer peer, long offset) {
    return peer.read(RECEIPTS).stream()
        .map(receipt -> JsonMapper.shared().readTree(receipt.value()))
        .filter(receipt -> receipt.path("offset").asLong() == offset)
        .count();
  }

  @Test
  void goesOnWhenTheBrokerHasBeenKilled() throws Exception {
    // given
    LabSample sample = sample("k-4", "4.4", "final", 0);
    try (KafkaWay lab = new KafkaWay(broker.address(), "norrlab", LAB)) {
      assertThat(lab.push(sample)).isTrue();

      // when the broker is killed and comes back, the lab goes on
      broker.kill();
      broker.start();

      // then
      assertThat(lab.push(sample("k-4", "4.5", "corrected", 60))).isTrue();
      assertThat(values("k-4")).containsExactly("4.5");
    }
  }

  private static String told(String receipt) {
    JsonNode told = JsonMapper.shared().readTree(receipt);
    return told.path("outcome").asString() + " " + told.at("/faults/0/code").asString("");
  }

  private static LabSample sample(String record, String value, String status, int later) {
    return new LabSample(
        resident, record, value, status, Instant.parse("2026-11-20T10:00:00Z").plusSeconds(later));
  }

  private static List<String> values(String record) {
    return caller
        .ask(Kind.LAB_RESULTS, resident, "?limit=100")
        .path("items")
        .valueStream()
        .filter(item -> item.path("documentId").asString().equals(record))
        .map(item -> item.at("/groups/0/analyses/0/results/0/value").asString())
        .toList();
  }
}
