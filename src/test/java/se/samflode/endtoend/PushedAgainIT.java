package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.testing.LabBundles.json;
import static se.samflode.testing.LabBundles.lab;
import static se.samflode.testing.LabBundles.message;
import static se.samflode.testing.LabBundles.transaction;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.util.ReflectionTestUtils;
import se.samflode.access.Senders;
import se.samflode.demo.DemoSystem;
import se.samflode.readmodel.Kind;
import se.samflode.testing.LabBundles;
import se.samflode.testing.OpenApiContract;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;

/** What labs push again, what is rejected and taken later, held back, and forgotten. */
@ExtendWith(OutputCaptureExtension.class)
class PushedAgainIT {

  private static final String SENDERS =
      """
      controllers:
        - id: SE2321000016-0001
          name: Region Stockholm
          retention: 3650d
        - id: SE2321000016-0002
          name: A region that forgets
          retention: 1d
      senders:
        - id: svealab
          name: Svealab
          clientIds: [svealab]
          sourceSystems:
            - id: SE5565594230-LAB1
              name: Svealab
              dataController: SE2321000016-0001
        - id: holding
          name: Held back
          clientIds: [holding]
          sourceSystems:
            - id: SE5565594230-LAB2
              name: Held back
              dataController: SE2321000016-0001
              release:
                - types: [NPU02192]
                  after: 14d
        - id: forgotten
          name: Forgotten
          clientIds: [forgotten]
          sourceSystems:
            - id: SE5565594230-LAB3
              name: Forgotten
              dataController: SE2321000016-0002
      """;

  private static final String TEN = "2026-11-20T10:00:00Z";
  private static final String HALF_PAST_TEN = "2026-11-20T10:30:00Z";
  private static final String ELEVEN = "2026-11-20T11:00:00Z";

  private static final OpenApiContract LABS = OpenApiContract.loadOfLabs();

  @TempDir private static Path folder;

  private static Path senders;
  private static DemoSystem system;
  private static HttpCaller caller;
  private static LabCaller labs;
  private static JdbcClient database;
  private static String resident;

  @BeforeAll
  static void start() throws Exception {
    resident = Residents.withoutBookings(11);
    senders = Files.writeString(folder.resolve("senders.yaml"), SENDERS);
    system =
        DemoSystem.start(
            new DemoSystem.Settings(RunningSystem.SEED, RunningSystem.START_DAY, false),
            Map.of(
                "samflode.senders", senders.toUri().toString(), "samflode.producers.ramp", "0s"));
    caller = new HttpCaller(system);
    labs = new LabCaller(system, caller);
    database = system.application().getBean(JdbcClient.class);
  }

  @AfterEach
  void restore() throws IOException {
    reread(SENDERS);
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @ParameterizedTest
  @CsvSource({
    "SE5565594230-LAB1, SE1-UNKNOWN, 403",
    "\"status\":\"active\", \"status\":\"ready\", 422",
    "\"effectiveDateTime\", \"effectiveTime\", 422",
  })
  void aRejectedMessageIsListedUnderItsId(String from, String to, int status) {
    // given
    String id = UUID.randomUUID().toString();
    String good = json(message(id, lab(resident, record()).sourceSystem("SE5565594230-LAB1")));
    String bad = good.replace(from, to);
    assertThat(bad).isNotEqualTo(good);

    // when
    HttpResponse<String> answer = process(bad);

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(lastRejected().path("messageId").asString()).isEqualTo(id);
  }

  @Test
  void whatWasRejectedIsStoredWhenTheSendersFileIsMended() throws IOException {
    // given
    String record = record();
    HttpResponse<String> rejected =
        push("svealab", json(transaction(lab(resident, record).sourceSystem("SE5565594230-LAB7"))));
    assertThat(rejected.statusCode()).isEqualTo(403);
    long id = lastRejected().path("id").asLong();

    // when
    reread(SENDERS.replace("SE5565594230-LAB1", "SE5565594230-LAB7"));
    HttpResponse<String> again =
        caller.send(
            request("svealab", "/labs/v1/rejected/" + id + "/resend")
                .POST(BodyPublishers.noBody()));

    // then
    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertThat(HttpCaller.json(again).path("outcome").asString()).isEqualTo("stored");
    assertThat(has(record)).isTrue();
    assertThat(lastRejected().path("id").asLong()).isEqualTo(id);
    assertThat(lastRejected().path("stored").asString("")).isNotEmpty();
    assertThat(
            database
                .sql(
                    "SELECT done_by || ': ' || outcome FROM lab_log WHERE action = 'resend' AND"
                        + " subject = ?")
                .param("rejection " + id)
                .query(String.class)
                .list())
        .containsExactly("sender svealab: done");
  }

  @Test
  void aLateVersionDoesNotChangeWhenAndWhyItWasWithdrawn() {
    // given
    String record = record();
    push("svealab", json(transaction(lab(resident, record).issued(TEN))));
    push(
        "svealab",
        json(
            transaction(
                lab(resident, record)
                    .status("entered-in-error")
                    .conclusion("Fel prov")
                    .issued(ELEVEN))));
    Map<String, @Nullable Object> before = tombstone(record);
    assertThat(before).containsEntry("reason", "Fel prov");

    // when
    HttpResponse<String> late =
        push(
            "svealab",
            json(transaction(lab(resident, record).status("corrected").issued(HALF_PAST_TEN))));

    // then
    assertThat(late.statusCode()).isEqualTo(200);
    assertThat(tombstone(record)).isEqualTo(before);
  }

  @Test
  void aMessageWhoseAnswersShareAPanelIsBounded() {
    // given
    LabBundles.Lab[] five = new LabBundles.Lab[5];
    for (int i = 0; i < five.length; i++) {
      five[i] = lab(resident, record());
    }
    Bundle bundle = transaction(five);
    Observation panel = new Observation();
    panel.setStatus(Observation.ObservationStatus.FINAL);
    panel.getCode().setText("Panel");
    List<Observation> members = new ArrayList<>();
    for (int i = 0; i < 4_500; i++) {
      Observation member = new Observation();
      member.setStatus(Observation.ObservationStatus.FINAL);
      member.getCode().setText("A" + i);
      member.setValue(new StringType("5"));
      members.add(member);
    }
    members.forEach(member -> panel.addHasMember(new Reference(added(bundle, member))));
    String url = added(bundle, panel);
    bundle.getEntry().stream()
        .map(Bundle.BundleEntryComponent::getResource)
        .filter(DiagnosticReport.class::isInstance)
        .forEach(report -> ((DiagnosticReport) report).addResult(new Reference(url)));

    // when
    HttpResponse<String> answer = push("svealab", json(bundle));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
    assertThat(answer.body()).contains("at most 20000 analyses", "in several messages");
  }

  @Test
  void whatARuleNamesByAnAnalysisIsHeldBackUntilTheHoldEnds() throws Exception {
    // given
    String record = record();

    // when
    push("holding", json(transaction(lab(resident, record))));

    // then
    assertThat(has(record)).isFalse();
    assertThat(approvedOverSoap3(record)).isEqualTo("false");

    // when the hold ends
    int released =
        database
            .sql(
                "UPDATE lab_record SET release_at = release_at - interval '336 hours' WHERE"
                    + " record_id = ?")
            .param(record)
            .update();

    // then
    assertThat(released).isOne();
    assertThat(has(record)).isTrue();
    assertThat(approvedOverSoap3(record)).isEqualTo("true");
  }

  @Test
  void aHoldIsCountedFromTheFirstVersionThatAnswersSomething() {
    // given
    String record = record();
    push("holding", json(transaction(lab(resident, record).status("registered").issued(TEN))));

    // when
    push("holding", json(transaction(lab(resident, record).status("preliminary").issued(ELEVEN))));
    push(
        "holding",
        json(transaction(lab(resident, record).value("5.9").issued("2026-11-20T12:00:00Z"))));

    // then
    assertThat(
            database
                .sql(
                    """
                    SELECT v.version
                      FROM lab_record r JOIN lab_version v USING (source_system, record_id)
                     WHERE record_id = ? AND r.release_at = v.arrived_at + interval '336 hours'\
                    """)
                .param(record)
                .query(Integer.class)
                .list())
        .containsExactly(2);
  }

  @Test
  void aLabThatResendsEverythingChangesNothing() {
    // given
    List<String> sent = new ArrayList<>();
    List<String> records = List.of(record(), record(), record());
    for (String record : records) {
      sent.add(json(transaction(lab(resident, record).status("preliminary").issued(TEN))));
      sent.add(json(transaction(lab(resident, record).value("6.1").issued(HALF_PAST_TEN))));
      sent.add(json(transaction(lab(resident, record).status("corrected").issued(ELEVEN))));
    }
    sent.add(
        json(
            transaction(
                lab(resident, records.getFirst())
                    .status("entered-in-error")
                    .issued("2026-11-20T12:00:00Z"))));
    sent.forEach(each -> assertThat(push("svealab", each).statusCode()).isEqualTo(200));
    List<Map<String, @Nullable Object>> before = held(records);
    assertThat(before).hasSize(10);

    // when all of it comes twice, from both ends
    for (int i = 0; i < sent.size(); i++) {
      assertThat(push("svealab", sent.get(i)).body()).contains("was stored before");
      assertThat(push("svealab", sent.get(sent.size() - 1 - i)).statusCode()).isEqualTo(200);
    }

    // then
    assertThat(held(records)).isEqualTo(before);
    assertThat(has(records.getFirst())).isFalse();
    assertThat(has(records.getLast())).isTrue();
  }

  @Test
  void aThousandResultsOfOneResidentAreReadBack() {
    // given
    String whose = Residents.withoutBookings(12);
    Set<String> records = new HashSet<>();
    LabBundles.Lab[] many = new LabBundles.Lab[1000];
    for (int i = 0; i < many.length; i++) {
      String record = record();
      records.add(record);
      many[i] = lab(whose, record);
    }

    // when
    HttpResponse<String> answer = push("svealab", json(transaction(many)));

    // then
    assertThat(answer.statusCode()).isEqualTo(200);
    List<String> read = new ArrayList<>();
    String next = "";
    do {
      JsonNode page =
          caller.ask(
              Kind.LAB_RESULTS, whose, "?limit=100" + (next.isEmpty() ? "" : "&cursor=" + next));
      page.path("items").valueStream().forEach(i -> read.add(i.path("documentId").asString()));
      next = page.path("next").asString("");
    } while (!next.isEmpty());
    assertThat(read).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(records);
  }

  @ParameterizedTest
  @CsvSource({
    // how far the lab's clock was off at first, hours | what stands: of the same status, corrected
    "1, 4.1, 4.3",
    "-1, 4.2, 4.3",
  })
  void aClockThatIsAnHourOffHidesNoCorrection(int off, String standing, String corrected) {
    // given
    String record = record();
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant wrong = now.plus(off, ChronoUnit.HOURS);

    // when, then
    push("svealab", json(transaction(lab(resident, record).value("4.1").issued(wrong.toString()))));
    assertThat(value(record)).isEqualTo("4.1");
    push("svealab", json(transaction(lab(resident, record).value("4.2").issued(now.toString()))));
    assertThat(value(record)).isEqualTo(standing);
    push(
        "svealab",
        json(
            transaction(
                lab(resident, record)
                    .status("corrected")
                    .value("4.3")
                    .issued(now.plusSeconds(60).toString()))));
    assertThat(value(record)).isEqualTo(corrected);
  }

  @Test
  void whatHasNotChangedForTheRetentionIsForgotten(CapturedOutput output) {
    // given
    String old = record();
    String fresh = record();
    String kept = record();
    push("forgotten", json(transaction(lab(resident, old), lab(resident, fresh))));
    push("svealab", json(transaction(lab(resident, kept))));
    database
        .sql(
            "UPDATE lab_record SET changed_at = changed_at - interval '25 hours' WHERE record_id IN"
                + " (?, ?)")
        .params(old, kept)
        .update();
    long oldRejected = rejected();
    long freshRejected = rejected();
    String oldMessage = processed();
    String freshMessage = processed();
    database
        .sql("UPDATE lab_rejection SET rejected_at = rejected_at - interval '91 days' WHERE id = ?")
        .param(oldRejected)
        .update();
    database
        .sql(
            "UPDATE lab_message SET received_at = received_at - interval '31 days' WHERE message_id"
                + " = ?")
        .param(oldMessage)
        .update();

    // when
    ReflectionTestUtils.invokeMethod(system.application().getBean("labRetention"), "forget");

    // then
    assertThat(held(List.of(old))).isEmpty();
    assertThat(held(List.of(fresh, kept))).hasSize(2);
    assertThat(has(old)).isFalse();
    assertThat(
            database
                .sql("SELECT id FROM lab_rejection WHERE id IN (?, ?)")
                .params(oldRejected, freshRejected)
                .query(Long.class)
                .list())
        .containsExactly(freshRejected);
    assertThat(
            database
                .sql("SELECT message_id FROM lab_message WHERE message_id IN (?, ?)")
                .params(oldMessage, freshMessage)
                .query(String.class)
                .list())
        .containsExactly(freshMessage);
    assertThat(output).contains("lab.forgotten").doesNotContain("lab.not-forgotten");
  }

  @Test
  void whatWasKeptLongEnoughIsForgottenSomeAtATime() {
    // given
    database
        .sql(
            """
            CREATE TABLE forgotten_at_once (what text, rows bigint);
            CREATE FUNCTION note_forgotten() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN
                INSERT INTO forgotten_at_once SELECT TG_TABLE_NAME, count(*) FROM gone;
                RETURN NULL;
              END $$;
            CREATE TRIGGER note AFTER DELETE ON lab_rejection REFERENCING OLD TABLE AS gone
              FOR EACH STATEMENT EXECUTE FUNCTION note_forgotten();
            CREATE TRIGGER note AFTER DELETE ON lab_message REFERENCING OLD TABLE AS gone
              FOR EACH STATEMENT EXECUTE FUNCTION note_forgotten();
            INSERT INTO lab_rejection (sender, way, format, rejected_at, faults)
            SELECT 'old', 'HTTP', 'FHIR_JSON', now() - interval '91 days', '[]'
              FROM generate_series(1, 150);
            INSERT INTO lab_message
            SELECT 'old', 'm' || n, sha256(''), now() - interval '31 days'
              FROM generate_series(1, 10001) AS n\
            """)
        .update();

    // when
    ReflectionTestUtils.invokeMethod(system.application().getBean("labRetention"), "forget");

    // then
    assertThat(
            database
                .sql("SELECT what || ' ' || rows FROM forgotten_at_once WHERE rows > 0")
                .query(String.class)
                .list())
        .containsExactly(
            "lab_rejection 100", "lab_rejection 50", "lab_message 10000", "lab_message 1");
  }

  /** Pushes what is rejected; under which number it is kept. */
  private static long rejected() {
    HttpResponse<String> answer =
        push(
            "svealab",
            json(transaction(lab(resident, record()).sourceSystem("SE5565594230-LAB7"))));
    assertThat(answer.statusCode()).isEqualTo(403);
    return lastRejected().path("id").asLong();
  }

  /** Pushes a message that is stored; its id. */
  private static String processed() {
    String id = UUID.randomUUID().toString();
    HttpResponse<String> answer =
        process(json(message(id, lab(resident, record()).sourceSystem("SE5565594230-LAB1"))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return id;
  }

  private static String added(Bundle bundle, Observation observation) {
    String url = "urn:uuid:" + UUID.randomUUID();
    bundle
        .addEntry()
        .setFullUrl(url)
        .setResource(observation)
        .getRequest()
        .setMethod(Bundle.HTTPVerb.POST)
        .setUrl("Observation");
    return url;
  }

  private static void reread(String content) throws IOException {
    Files.writeString(senders, content);
    system.application().getBean(Senders.class).reread();
  }

  private static String record() {
    return "L-" + UUID.randomUUID();
  }

  private static HttpResponse<String> push(String client, String body) {
    return labs.push(client, body);
  }

  private static HttpResponse<String> process(String body) {
    return labs.process("svealab", body);
  }

  private static HttpRequest.Builder request(String client, String path) {
    return labs.request(client, path);
  }

  private static JsonNode lastRejected() {
    String since = URLEncoder.encode(Instant.now().minusSeconds(3600).toString(), UTF_8);
    HttpResponse<String> answer =
        caller.send(request("svealab", "/labs/v1/rejected?limit=1000&since=" + since).GET());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    LABS.assertValid(LABS.answerOf("/labs/v1/rejected"), answer.body());
    JsonNode all = HttpCaller.json(answer).path("rejected");
    return all.get(all.size() - 1);
  }

  private static Map<String, @Nullable Object> tombstone(String record) {
    return database
        .sql("SELECT reason, withdrawn_at FROM lab_tombstone WHERE record_id = ?")
        .param(record)
        .query()
        .singleRow();
  }

  /** All versions, with what the record says of them. */
  private static List<Map<String, @Nullable Object>> held(List<String> records) {
    return database
        .sql(
            """
            SELECT r.record_id, r.version AS stands, r.versions, r.withdrawn, r.release_at,
                   r.changed_at, v.version, v.status, v.arrived_at, v.content
              FROM lab_record r JOIN lab_version v USING (source_system, record_id)
             WHERE r.record_id IN (:records)
             ORDER BY r.record_id, v.version\
            """)
        .param("records", records)
        .query()
        .listOfRows();
  }

  private static List<JsonNode> items(String record) {
    return caller
        .ask(Kind.LAB_RESULTS, resident, "?limit=100")
        .path("items")
        .valueStream()
        .filter(item -> item.path("documentId").asString().equals(record))
        .toList();
  }

  private static boolean has(String record) {
    return !items(record).isEmpty();
  }

  private static String value(String record) {
    return items(record).getFirst().at("/groups/0/analyses/0/results/0/value").asString();
  }

  /** What GetLaboratoryOrderOutcome 3 says of a record in approvedForPatient. */
  private static String approvedOverSoap3(String record) {
    HttpResponse<String> answer = labs.soap(3, resident, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer
        .body()
        .replaceAll(
            "(?s).*<([a-z0-9]+:)?documentId>" + record + "<.*?approvedForPatient>([a-z]+)<.*",
            "$2");
  }
}
