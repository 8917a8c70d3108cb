package se.samflode.exchange;

import static java.util.Comparator.comparingInt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static se.samflode.exchange.NotifyingNode.OTHER_RESIDENT;
import static se.samflode.exchange.NotifyingNode.RESIDENT;
import static se.samflode.exchange.NotifyingNode.add;
import static se.samflode.exchange.NotifyingNode.delete;
import static se.samflode.exchange.NotifyingNode.engagement;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.exchange.SoapPeer.Answer;
import se.samflode.index.EngagementTransaction;
import se.samflode.testing.TestDatabase;

/** Subscribers over real HTTP, told by the whole application on a real database. */
@ExtendWith(OutputCaptureExtension.class)
class SubscribersIT {

  private static final String ADDRESS = "SE2321000016-SUB1";
  private static final String OTHER = "SE2321000016-SUB2";
  private static final String FIRST = "20261124093000";
  private static final String LATER = "20261201080000";

  private static final String BOOKINGS =
      "<r:filter><r:serviceDomain>riv:crm:scheduling</r:serviceDomain>"
          + "<r:categorization>booking</r:categorization></r:filter>";

  private static final String ANOTHER_DOMAIN =
      "<r:filter><r:serviceDomain>riv:another</r:serviceDomain><r:categorization/></r:filter>";

  @TempDir private Path folder;

  private final Map<String, NotifyingNode> nodes = new LinkedHashMap<>();
  private final Map<String, String> settings = new HashMap<>();
  private TestDatabase database;
  private JdbcClient outside;
  private Path file;
  private SubscriberPeer peer;
  private SubscriberPeer other;

  @BeforeEach
  void prepare() throws IOException {
    database = TestDatabase.create();
    outside = database.client();
    file = folder.resolve("subscribers.yaml");
    peer = new SubscriberPeer();
    other = new SubscriberPeer();
    subscribe(entry(ADDRESS, peer, ""));
  }

  @AfterEach
  void stop() {
    peer.close();
    other.close();
    nodes.values().forEach(NotifyingNode::close);
  }

  @Test
  void tellsAddsChangesAndDeletionsWithTimesAndOwner() throws IOException {
    // given
    NotifyingNode node = start("one");

    // when
    node.update(add(RESIDENT, "b1", FIRST));
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1"));
    node.update(add(RESIDENT, "b1", FIRST));
    node.update(add(RESIDENT, "b1", LATER));
    node.update(delete(RESIDENT, "b1"));

    // then
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1", "+b1", "-b1"));
    assertThat(peer.invalid()).isEmpty();
    SubscriberPeer.Told added = peer.taken().getFirst();
    assertThat(added.mostRecentContent()).isEqualTo(FIRST);
    assertThat(added.creationTime()).matches("20[0-9]{12}");
    assertThat(added.updateTime()).isEmpty();
    assertThat(added.owner()).isEqualTo(NotifyingNode.INDEX);
    SubscriberPeer.Told changed = peer.taken().get(1);
    assertThat(changed.mostRecentContent()).isEqualTo(LATER);
    assertThat(changed.updateTime()).matches("20[0-9]{12}");
    assertThat(node.subscribers())
        .contains("\"address\":\"" + ADDRESS + "\"", "\"behind\":0", "\"configured\":\"file\"")
        .doesNotContain(RESIDENT);
    await()
        .untilAsserted(() ->
            assertThat(node.metrics())
                .contains("samflode_subscriber_delivered_total{subscriber=\"" + ADDRESS + "\"} 3.0")
                .contains("samflode_subscriber_behind{subscriber=\"" + ADDRESS + "\"}")
                .contains("samflode_subscriber_oldest_seconds")
                .contains("samflode_subscriber_dead_letters"));
    assertThat(
            Pattern.compile("\\bsamflode_subscriber_[a-z_]+")
                .matcher(Files.readString(Path.of("docs/monitoring/alerts.yaml")))
                .results()
                .map(MatchResult::group))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(node.metrics()).contains("\n" + name));
  }

  @Test
  void tellsWhatFiltersWant() throws IOException {
    // given
    subscribe(
        entry(
                ADDRESS,
                peer,
                "[ { serviceDomain: RIV:crm:Scheduling, categorizations: [BOOKING] } ]")
            + entry(OTHER, other, "[ { serviceDomain: riv:crm:scheduling } ]"));
    NotifyingNode node = start("one");

    // when
    node.update(
        new EngagementTransaction(false, engagement(RESIDENT, "Invitation", "i1", FIRST)),
        add(OTHER_RESIDENT, "b1", FIRST));

    // then
    await()
        .untilAsserted(() -> assertThat(other.objects()).containsExactlyInAnyOrder("+i1", "+b1"));
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1"));
    assertThat(peer.http.requests()).hasSize(1);
    await().untilAsserted(() -> assertThat(node.subscribers()).doesNotContain("\"behind\":1"));
  }

  @Test
  void tellsEachResidentInOrderAndAKeyOncePerDelivery() {
    // given
    NotifyingNode node = start("one");
    peer.takes(told -> false);

    // when
    IntStream.range(0, 20)
        .forEach(i -> node.update(add(RESIDENT, "b1", "202611240930%02d".formatted(i))));
    peer.takes(told -> true);

    // then
    await().untilAsserted(() -> assertThat(peer.taken()).hasSize(20));
    assertThat(peer.taken()).extracting(SubscriberPeer.Told::mostRecentContent).isSorted();
    assertThat(peer.invalid()).isEmpty();
  }

  @Test
  void tellsOfOthersBetweenTheManyChangesOfOneKey() {
    // given
    NotifyingNode node = start("one");
    CountDownLatch allWritten = new CountDownLatch(1);
    peer.takes(told -> {
      if (allWritten.getCount() > 0) {
        await().until(() -> allWritten.getCount() == 0);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      return true;
    });
    IntStream.range(0, 90)
        .forEach(i -> node.update(add(RESIDENT, "b1", "2026112409%02d00".formatted(i % 60))));
    allWritten.countDown();
    await().until(() -> peer.taken().size() > 5);

    // when
    node.update(add(OTHER_RESIDENT, "b2", FIRST));

    // then
    await().untilAsserted(() -> assertThat(peer.taken()).hasSize(91));
    assertThat(peer.objects().indexOf("+b2")).isLessThan(80);
    assertThat(peer.invalid()).isEmpty();
  }

  @Test
  void takesInfoForADeliveryAndErrorAndFaultForNone(CapturedOutput output) {
    // given
    NotifyingNode node = start("one");
    peer.takes(told -> false);
    node.update(add(RESIDENT, "b1", FIRST));
    await().untilAsserted(() -> assertThat(peer.http.requests()).hasSizeGreaterThan(2));
    peer.refusesWith(Answer.fault("about " + RESIDENT));
    int before = peer.http.requests().size();
    await().untilAsserted(() -> assertThat(peer.http.requests()).hasSizeGreaterThan(before + 1));

    // when
    peer.consentsWith("INFO");
    peer.takes(told -> true);

    // then
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1"));
    await().untilAsserted(() -> assertThat(output).contains("subscriber.recovered"));
    assertThat(output).contains("subscriber.failed").doesNotContain(RESIDENT);
    assertThat(node.subscribers()).contains("\"lastFailureReason\":\"fault\"");
  }

  @Test
  void tellsTheLivingWhileAnotherIsDead() throws IOException {
    // given
    peer.http.answers(request -> Answer.silence());
    subscribe(entry(ADDRESS, peer, "") + entry(OTHER, other, ""));
    NotifyingNode node = start("one");

    // when
    node.update(add(RESIDENT, "b1", FIRST));
    await().untilAsserted(() -> assertThat(peer.http.requests()).hasSize(1));
    long begun = System.nanoTime();
    node.update(add(RESIDENT, "b2", FIRST));

    // then
    await().untilAsserted(() -> assertThat(other.objects()).containsExactly("+b1", "+b2"));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    assertThat(peer.http.requests()).hasSize(1);
  }

  @Test
  void tellsEachChangeOnceWhileTwoNodesRunAndGoesOnWhenOneStops() {
    // given
    NotifyingNode one = start("one");
    NotifyingNode two = start("two");

    // when
    IntStream.range(0, 50)
        .forEach(i -> (i % 2 == 0 ? one : two).update(add(RESIDENT, "b" + i, FIRST)));
    await().untilAsserted(() -> assertThat(peer.taken()).hasSize(50));
    end("one");
    two.update(add(RESIDENT, "after", FIRST));

    // then
    await().untilAsserted(() -> assertThat(peer.objects()).contains("+after"));
    assertThat(peer.objects()).hasSize(51).doesNotHaveDuplicates();
  }

  @Test
  void goesOnWhereItWasAfterARestart() {
    // given
    start("one").update(add(RESIDENT, "b1", FIRST));
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1"));
    end("one");

    // when
    NotifyingNode node = start("without subscribers", null);
    node.update(add(RESIDENT, "b2", FIRST));
    end("without subscribers");
    start("again");

    // then
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1", "+b2"));
  }

  @Test
  void setsAsideWhatASubscriberDoesNotTakeAndSendsItsPresentStateWhenAsked() {
    // given
    NotifyingNode node = start("one");
    peer.takes(told -> !told.object().startsWith("poison"));
    List<EngagementTransaction> many =
        IntStream.range(0, 20).mapToObj(i -> add(RESIDENT, "b" + i, FIRST)).toList();

    // when
    List<EngagementTransaction> all = new ArrayList<>(many);
    all.add(7, add(RESIDENT, "poison-1", FIRST));
    all.add(12, add(OTHER_RESIDENT, "poison-2", FIRST));
    node.update(all.toArray(EngagementTransaction[]::new));

    // then
    await().untilAsserted(() -> assertThat(deadLetters()).isEqualTo(2));
    // At least once: a delivery whose answer came too late is repeated.
    await().untilAsserted(() -> assertThat(Set.copyOf(peer.objects())).hasSize(20));
    assertThat(peer.objects()).noneMatch(o -> o.contains("poison"));
    assertThat(node.subscribers()).contains("\"deadLetters\":2");

    // when
    node.update(add(RESIDENT, "poison-1", LATER), delete(OTHER_RESIDENT, "poison-2"));
    node.update(add(RESIDENT, "more", FIRST));
    await().untilAsserted(() -> assertThat(peer.objects()).contains("+more"));
    peer.takes(told -> true);
    HttpResponse<String> asked = node.act(ADDRESS, "resend");

    // then
    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.body()).contains("\"deadLetters\":2");
    await().untilAsserted(() -> assertThat(deadLetters()).isZero());
    assertThat(peer.objects()).contains("+poison-1", "-poison-2");
    assertThat(peer.taken())
        .filteredOn(told -> told.object().equals("poison-1"))
        .extracting(SubscriberPeer.Told::mostRecentContent)
        .containsOnly(LATER);
    assertThat(peer.invalid()).isEmpty();
  }

  @Test
  void tellsAllOthersWhileAChangeIsNotTakenAndThenItsResidentInOrder() throws IOException {
    // given
    settings.put("refusals", "1000");
    NotifyingNode node = start("one");
    peer.takes(told -> !told.object().equals("poison"));

    // when
    node.update(add(RESIDENT, "poison", FIRST), add(OTHER_RESIDENT, "b1", FIRST));
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1"));
    node.update(add(RESIDENT, "behind it", FIRST), add(OTHER_RESIDENT, "b2", FIRST));
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1", "+b2"));
    peer.takes(told -> true);

    // then
    await()
        .untilAsserted(() ->
            assertThat(peer.objects()).containsExactly("+b1", "+b2", "+poison", "+behind it"));
    assertThat(deadLetters()).isZero();
  }

  @Test
  void givesUpWhatIsRefusedByItselfOftenEnough() {
    // given
    settings.put("refusals", "4");
    NotifyingNode node = start("one");
    peer.takes(told -> !told.object().equals("poison"));

    // when
    node.update(add(RESIDENT, "poison", FIRST), add(OTHER_RESIDENT, "b1", FIRST));
    node.update(add(RESIDENT, "behind it", FIRST));

    // then
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1", "+behind it"));
    assertThat(deadLetters()).isEqualTo(1);
  }

  @Test
  void tellsTheFeedWhileAResendGetsNoAnswer() {
    // given
    NotifyingNode node = startWithADeadLetter();
    peer.refusesWith(new Answer(503, "text/html", ""));
    node.act(ADDRESS, "resend");
    await().untilAsserted(() -> assertThat(node.subscribers()).contains("http-error"));

    // when
    node.update(add(RESIDENT, "more", FIRST));
    await().untilAsserted(() -> assertThat(peer.objects()).contains("+more"));
    node.update(add(RESIDENT, "still more", FIRST));

    // then
    await().untilAsserted(() -> assertThat(peer.objects()).contains("+still more"));
    assertThat(deadLetters()).isEqualTo(1);
  }

  @Test
  void sendsADeadLetterAgainOnlyWhenWhatIsOlderHasBeenTold() {
    // given
    NotifyingNode node = startWithADeadLetter();
    peer.refusesWith(new Answer(503, "text/html", ""));
    peer.takes(told -> false);
    node.update(add(RESIDENT, "poison", "20261125093000"));
    node.update(add(RESIDENT, "poison", LATER));

    // when: long enough for the wish to be seen
    node.act(ADDRESS, "resend");
    await()
        .during(Duration.ofSeconds(7))
        .untilAsserted(
            () -> assertThat(peer.http.requests()).noneMatch(r -> r.body().contains(LATER)));
    peer.takes(told -> true);

    // then
    await().untilAsserted(() -> assertThat(deadLetters()).isZero());
    assertThat(peer.taken())
        .filteredOn(told -> told.object().equals("poison"))
        .extracting(SubscriberPeer.Told::mostRecentContent)
        .containsExactly("20261125093000", LATER, LATER);
  }

  @Test
  void sendsWhatIsRefusedAgainNoMoreUntilItIsAskedForAgain() {
    // given
    NotifyingNode node = startWithADeadLetter();

    // when
    node.act(ADDRESS, "resend");

    // then
    await()
        .untilAsserted(() ->
            assertThat(
                    outside
                        .sql("SELECT resend_asked_at IS NULL FROM subscriber")
                        .query(Boolean.class)
                        .single())
                .isTrue());
    assertThat(deadLetters()).isEqualTo(1);
  }

  @Test
  void sendsNoDeadLetterAgainThatIsNotWantedAnyMore() throws IOException {
    // given
    startWithADeadLetter();
    end("one");
    subscribe(entry(ADDRESS, peer, "[ { serviceDomain: \"riv:another\" } ]"));
    peer.takes(told -> true);
    int before = peer.http.requests().size();

    // when
    start("again").act(ADDRESS, "resend");

    // then
    await().untilAsserted(() -> assertThat(deadLetters()).isZero());
    assertThat(peer.http.requests()).hasSize(before);
  }

  private NotifyingNode startWithADeadLetter() {
    NotifyingNode node = start("one");
    peer.takes(told -> !told.object().equals("poison"));
    node.update(add(RESIDENT, "good", FIRST), add(RESIDENT, "poison", FIRST));
    await().untilAsserted(() -> assertThat(deadLetters()).isEqualTo(1));
    return node;
  }

  @Test
  void setsAsideWhatIsNotTakenHoweverMuchElseIsTold() {
    // given
    NotifyingNode node = start("one");
    peer.takes(told -> !told.object().equals("poison"));
    String first =
        Stream.of(RESIDENT, OTHER_RESIDENT).min(comparingInt(this::bucket)).orElseThrow();
    String second = first.equals(RESIDENT) ? OTHER_RESIDENT : RESIDENT;

    // when: no delivery holds both residents, since a key that comes twice ends it
    node.update(add(first, "good", FIRST), add(first, "poison", FIRST));
    node.update(add(first, "poison", LATER));
    AtomicInteger more = new AtomicInteger();
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          node.update(add(second, "b" + more.incrementAndGet(), FIRST));
          return deadLetters() == 1;
        });

    // then
    await().untilAsserted(() -> assertThat(peer.objects()).hasSize(more.get() + 1));
  }

  @Test
  void tellsFewerAtOnceWhereManyGetNoAnswer() {
    // given
    peer.takesAtMost(15);
    NotifyingNode node = start("one");

    // when
    node.update(
        IntStream.range(0, 100)
            .mapToObj(i -> add(RESIDENT, "b" + i, FIRST))
            .toArray(EngagementTransaction[]::new));

    // then
    await().untilAsserted(() -> assertThat(peer.objects()).hasSize(100).doesNotHaveDuplicates());
  }

  @Test
  void setsNothingAsideForASubscriberThatTakesNothing() {
    // given
    NotifyingNode node = start("one");
    peer.takes(told -> false);

    // when
    node.update(
        IntStream.range(0, 40)
            .mapToObj(i -> add(RESIDENT, "b" + i, FIRST))
            .toArray(EngagementTransaction[]::new));
    await().untilAsserted(() -> assertThat(peer.http.requests()).hasSizeGreaterThan(60));
    long setAside = deadLetters();
    peer.takes(told -> true);

    // then
    assertThat(setAside).isZero();
    await().untilAsserted(() -> assertThat(new HashSet<>(peer.objects())).hasSize(40));
  }

  @Test
  void givesUpWhatIsTooOldForASubscriberThatDoesNotAnswer() {
    // given
    peer.http.answers(request -> new Answer(503, "text/html", ""));
    NotifyingNode node = start("one");
    node.update(add(RESIDENT, "old", FIRST), add(OTHER_RESIDENT, "old too", FIRST));
    outside.sql("UPDATE change SET changed_at = changed_at - INTERVAL '8 days'").update();
    node.update(add(RESIDENT, "new", FIRST));

    // when
    await().untilAsserted(() -> assertThat(deadLetters()).isEqualTo(2));

    // then
    assertThat(outside.sql("SELECT DISTINCT reason FROM dead_letter").query(String.class).single())
        .isEqualTo("http-error");
    assertThat(node.subscribers()).contains("\"behind\":1");
  }

  @Test
  void tellsToSeedAnewWhereTheFeedHasAGap() {
    // given
    peer.takes(told -> false);
    NotifyingNode node = start("one");
    node.update(add(RESIDENT, "lost", FIRST), add(OTHER_RESIDENT, "lost too", FIRST));
    outside.sql("DELETE FROM change").update();
    node.update(add(RESIDENT, "kept", FIRST));

    // when: not before it has been seen, since what was read before the loss would be told
    await().untilAsserted(() -> assertThat(node.subscribers()).contains("\"seedAnewSince\":\""));
    peer.takes(told -> true);

    // then
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+kept"));
    await().untilAsserted(() -> assertThat(node.subscribers()).contains("\"behind\":0"));
    await()
        .untilAsserted(() ->
            assertThat(node.metrics())
                .contains("samflode_subscriber_to_seed{subscriber=\"" + ADDRESS + "\"} 1.0"));
    String begun = outside.sql("SELECT clock_timestamp()").query(Instant.class).single().toString();
    assertThat(node.seeded(ADDRESS, begun).statusCode()).isEqualTo(200);
    assertThat(node.subscribers()).contains("\"seedAnewSince\":null");
  }

  @Test
  void takesNoSeedingForTheLastThatBeganBeforeSomethingElseWasLost() {
    // given
    NotifyingNode node = start("one");
    Instant begun = outside.sql("SELECT clock_timestamp()").query(Instant.class).single();
    outside.sql("UPDATE subscriber SET seed_anew_since = clock_timestamp()").update();

    // when
    HttpResponse<String> early = node.seeded(ADDRESS, begun.toString());
    HttpResponse<String> late = node.seeded(ADDRESS, begun.plusSeconds(3600).toString());
    HttpResponse<String> without = node.act(ADDRESS, "seeded");
    HttpResponse<String> broken = node.seeded(ADDRESS, "yesterday");

    // then
    assertThat(List.of(early, late, without, broken))
        .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(400));
    assertThat(early.body()).contains("seed it once more");
    assertThat(without.body()).contains("\\\"begun\\\":");
    assertThat(node.subscribers()).contains("\"seedAnewSince\":\"20");
  }

  @Test
  void letsAnotherNodeTryWhereOneGetsNoAnswer() throws IOException {
    // given
    Path cutOff = folder.resolve("cut-off.yaml");
    Files.writeString(
        cutOff,
        "subscribers: [{ logicalAddress: %s, url: \"http://localhost:1/\" }]\n".formatted(ADDRESS));
    NotifyingNode one = start("cut off", cutOff);
    one.update(add(RESIDENT, "b1", FIRST));
    await().untilAsserted(() -> assertThat(one.subscribers()).contains("\"refused\""));

    // when
    start("another");

    // then
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1"));
  }

  @Test
  void keepsTheStateOfASubscriberThatIsNoLongerConfiguredUntilItIsForgotten() throws IOException {
    // given
    NotifyingNode node = start("one");
    node.update(add(RESIDENT, "b1", FIRST));
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1"));

    // when
    assertThat(node.act(ADDRESS, "forget").statusCode()).isEqualTo(400);
    subscribe("");
    await().untilAsserted(() -> assertThat(node.subscribers()).contains("\"configured\":\"no\""));
    node.update(add(RESIDENT, "b2", FIRST));
    await().untilAsserted(() -> assertThat(node.subscribers()).contains("\"behind\":1"));

    // then
    assertThat(peer.objects()).containsExactly("+b1");
    outside
        .sql(
            """
            INSERT INTO dead_letter
            SELECT :subscriber, sha256(int8send(n)), 'R' || n, 'd', 'c', 'a', 'b', 'NA', 's', 'dc',
                   'o', now(), 'fault'
              FROM generate_series(1, 25000) AS n\
            """)
        .param("subscriber", ADDRESS)
        .update();
    HttpResponse<String> forgotten = node.act(ADDRESS, "forget");
    assertThat(forgotten.statusCode()).isEqualTo(200);
    assertThat(forgotten.body()).contains("\"deadLetters\":25000");
    assertThat(node.act(ADDRESS, "resend").statusCode()).isEqualTo(404);
    assertThat(node.subscribers()).isEqualTo("[]");
  }

  @Test
  void enrolsAnewASubscriberThatWasForgottenWhereItIsStillTold() throws IOException {
    // given
    NotifyingNode node = start("one");
    node.update(add(RESIDENT, "b1", FIRST));
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1"));
    NotifyingNode another =
        start("without it", Files.writeString(folder.resolve("none.yaml"), "subscribers: []\n"));

    // when
    assertThat(another.act(ADDRESS, "forget").statusCode()).isEqualTo(200);
    node.update(add(RESIDENT, "b2", FIRST));
    await().untilAsserted(() -> assertThat(another.subscribers()).contains("\"firstSeen\":\"20"));
    node.update(add(RESIDENT, "b3", FIRST));

    // then
    await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1", "+b2", "+b3"));
  }

  @Test
  void hasOneSenderForASubscriberThatComesBackWhileItsCallIsUnderWay() throws IOException {
    // given
    CountDownLatch waits = new CountDownLatch(1);
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger mostAtOnce = new AtomicInteger();
    peer.http.answers(request -> {
      mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
      await().until(() -> waits.getCount() == 0);
      atOnce.decrementAndGet();
      return Answer.result("OK");
    });
    NotifyingNode node = start("one");
    node.update(add(RESIDENT, "b1", FIRST));
    await().untilAsserted(() -> assertThat(peer.http.requests()).hasSize(1));

    // when
    subscribe("");
    await().untilAsserted(() -> assertThat(node.subscribers()).contains("\"configured\":\"no\""));
    subscribe(entry(ADDRESS, peer, ""));
    await().untilAsserted(() -> assertThat(node.subscribers()).contains("\"configured\":\"file\""));
    node.update(add(RESIDENT, "b2", FIRST));
    await()
        .during(Duration.ofSeconds(2))
        .untilAsserted(() -> assertThat(peer.http.requests()).hasSize(1));
    waits.countDown();

    // then
    await().untilAsserted(() -> assertThat(node.subscribers()).contains("\"behind\":0"));
    assertThat(mostAtOnce).hasValue(1);
    assertThat(peer.http.requests()).hasSize(2);
  }

  @Test
  void letsADeliveryEndWhenItStops() {
    // given
    CountDownLatch waits = new CountDownLatch(1);
    peer.takes(told -> {
      await().until(() -> waits.getCount() == 0);
      return true;
    });
    NotifyingNode node = start("one");
    node.update(add(RESIDENT, "b1", FIRST));
    await().untilAsserted(() -> assertThat(peer.http.requests()).hasSize(1));

    // when
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> end("one"));
    await().pollDelay(Duration.ofSeconds(1)).until(() -> !stopped.isDone());
    waits.countDown();

    // then
    assertThat(stopped).succeedsWithin(Duration.ofSeconds(60));
    assertThat(peer.objects()).containsExactly("+b1");
    assertThat(
            outside
                .sql("SELECT last_delivery IS NOT NULL FROM subscriber")
                .query(Boolean.class)
                .single())
        .isTrue();
    assertThat(
            outside
                .sql("SELECT count(*) FROM lease WHERE valid_until > now()")
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void doesNotStartWhereTheFeedWouldDropWhatIsNotGivenUp() {
    // given
    settings.put("give-up-after", "14d");

    // then
    assertThatThrownBy(() -> start("one"))
        .rootCause()
        .hasMessageContaining("samflode.subscribers.give-up-after is too long");
  }

  @Test
  void readsSubscribersFromTheRegisterAndKeepsThemWhileItDoesNotAnswer(CapturedOutput output) {
    // given
    try (SoapPeer register = new SoapPeer()) {
      String tooMany = "<r:filter><r:serviceDomain>riv:a</r:serviceDomain></r:filter>".repeat(201);
      register.answers(request ->
          Answer.ok(
              registered(
                  record(OTHER, tooMany)
                      + record(ADDRESS, BOOKINGS)
                      + record(ADDRESS.toLowerCase(Locale.ROOT), ANOTHER_DOMAIN))));
      settings.put("register.url", register.url().toString());
      settings.put("register.logical-address", "SE-REGISTER");
      settings.put("register.consumer-hsa-id", "SE-CONSUMER");
      settings.put("register.notify-url", peer.http.url().toString());
      NotifyingNode node = start("one", null);

      // when
      await().untilAsserted(() -> assertThat(node.subscribers()).contains("\"register\""));
      assertThat(node.subscribers()).doesNotContain(OTHER);
      assertThat(output).contains("subscriber.register-left-out");
      node.update(add(RESIDENT, "b1", FIRST));
      await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1"));
      end("one");
      register.answers(request -> Answer.fault("down"));
      outside.sql("UPDATE register_answer SET read_at = read_at - INTERVAL '1 day'").update();
      NotifyingNode again = start("again", null);
      again.update(
          add(RESIDENT, "b2", FIRST),
          new EngagementTransaction(false, engagement(RESIDENT, "Invitation", "i1", FIRST)));

      // then
      await().untilAsserted(() -> assertThat(peer.objects()).containsExactly("+b1", "+b2"));
      await().untilAsserted(() -> assertThat(register.requests()).hasSize(2));
      assertThat(register.requests().getFirst().body())
          .contains(">SE-REGISTER<", "serviceConsumerHsaId>SE-CONSUMER<")
          .contains(">urn:riv:itintegration:engagementindex:ProcessNotificationResponder:1<");
      assertThat(peer.http.requests().getFirst().body()).contains(">" + ADDRESS + "<");
    }
  }

  private static String registered(String records) {
    return """
    <r:GetLogicalAddresseesByServiceContractResponse xmlns:r="urn:riv:infrastructure:itintegration:registry:GetLogicalAddresseesByServiceContractResponder:2">\
    %s</r:GetLogicalAddresseesByServiceContractResponse>\
    """
        .formatted(records);
  }

  private static String record(String address, String filters) {
    return "<r:logicalAddressRecord><r:logicalAddress>%s</r:logicalAddress>%s</r:logicalAddressRecord>"
        .formatted(address, filters);
  }

  private NotifyingNode start(String name) {
    return start(name, file);
  }

  private NotifyingNode start(String name, @Nullable Path subscribers) {
    NotifyingNode node = new NotifyingNode(database, subscribers, settings);
    nodes.put(name, node);
    if (subscribers != null) {
      await().untilAsserted(() -> assertThat(node.subscribers()).contains("\"firstSeen\":\"20"));
    }
    return node;
  }

  private void end(String name) {
    Objects.requireNonNull(nodes.remove(name)).close();
  }

  private void subscribe(String entries) throws IOException {
    Files.writeString(file, entries.isEmpty() ? "subscribers: []\n" : "subscribers:\n" + entries);
  }

  private static String entry(String address, SubscriberPeer at, String filters) {
    return "  - logicalAddress: %s\n    url: %s\n".formatted(address, at.http.url())
        + (filters.isEmpty() ? "" : "    filters: " + filters + "\n");
  }

  private int bucket(String resident) {
    return outside
        .sql("SELECT bucket_of(:resident)")
        .param("resident", resident)
        .query(Integer.class)
        .single();
  }

  private long deadLetters() {
    return outside.sql("SELECT count(*) FROM dead_letter").query(Long.class).single();
  }
}
