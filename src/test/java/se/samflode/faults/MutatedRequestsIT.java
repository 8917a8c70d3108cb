package se.samflode.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import se.samflode.demo.DemoIssuer;
import se.samflode.demo.DemoSystem;
import se.samflode.mockregions.MockRegions;
import se.samflode.testing.ApplicationProcess;
import se.samflode.testing.IndexClient;
import se.samflode.testing.IndexClient.Row;

/** What is broken, clumsy or hostile gets a documented fault and changes nothing. */
@Execution(ExecutionMode.CONCURRENT)
class MutatedRequestsIT {

  private static final Logger LOG = LoggerFactory.getLogger(MutatedRequestsIT.class);
  private static final int REQUESTS = Integer.getInteger("faults.requests", 10_000);
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime());

  /** The heap of an application that has answered its first thousand requests may grow so far. */
  private static final long GROWTH_MEGABYTES = 15;

  /** The texts that docs/engagement-index.md names. */
  private static final Pattern DOCUMENTED =
      Stream.of(
              "EI00[0-6]: .+",
              "Input date is not according to expected format \"YYYYMMDDhhmmss\": .*",
              "Mandatory HTTP header x-skltp-correlation-id is missing\\n?",
              "The request is not well-formed XML within the limits .+",
              "The request is not a SOAP 1.1 envelope with a body",
              "The SOAP body must have the element .+",
              "The SOAP body has more than one element",
              "There is an element where only text is expected",
              "A document type declaration \\(DOCTYPE\\) is not accepted",
              "The request must be in UTF-8 or UTF-16",
              "The request is larger than 10 MB",
              "The content type must be text/xml")
          .collect(
              Collectors.collectingAndThen(
                  Collectors.joining("|"), texts -> Pattern.compile(texts, Pattern.DOTALL)));

  private static final Pattern FAULT =
      Pattern.compile("<faultstring[^>]*>(.*)</faultstring>", Pattern.DOTALL);

  @TempDir private Path folder;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void getDocumentedFaultsStoreNothingAndHoldNoMemory() throws Exception {
    // given
    LOG.info("faults.seed={}", SEED);
    Random random = new Random(SEED);
    Mutations mutations = new Mutations(SEED);
    Map<String, Integer> outcomes = new TreeMap<>();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        ApplicationProcess application =
            new ApplicationProcess(
                ApplicationProcess.settings(
                    folder,
                    new DemoIssuer(),
                    postgres,
                    MockRegions.FOLDER.resolve("producers.yaml")));
        IndexClient good =
            new IndexClient(application.uri(), DemoSystem.INDEX, Duration.ofSeconds(60))) {
      JdbcClient database =
          JdbcClient.create(
              new SingleConnectionDataSource(postgres.getPostgresDatabase().getConnection(), true));
      long heapBefore = 0;

      // when
      for (int number = 0; number < REQUESTS; number++) {
        if (number == REQUESTS / 10) {
          heapBefore = application.liveHeapMegabytes();
        }
        boolean update = random.nextInt(4) != 0;
        String envelope =
            update ? good.adding(rows(number, random)) : good.finding("reserve-1", "riv:x");
        Mutations.Request request =
            number % 1000 == 999 ? tooMuch(good, number) : mutations.of(envelope);
        long before = state(database);
        HttpResponse<String> answer =
            send(application.uri(), update ? "Update" : "FindContent", request);

        // then
        String outcome = outcome(answer, request);
        outcomes.merge(outcome, 1, Integer::sum);
        if (!outcome.equals("done") || !update) {
          assertThat(state(database)).as("request %s: %s", number, outcome).isEqualTo(before);
        } else if (!mayDelete(request)) {
          assertThat(state(database)).as("request %s: %s", number, request).isGreaterThan(before);
        }
      }
      long heapAfter = application.liveHeapMegabytes();
      LOG.info("{} requests: {}", REQUESTS, outcomes);
      LOG.info("heap after a full collection: {} MB, then {} MB", heapBefore, heapAfter);
      assertThat(outcomes).hasSizeGreaterThan(5).containsKey("done");
      assertThat(heapAfter).isLessThan(heapBefore + GROWTH_MEGABYTES);
      assertThat(IndexClient.acknowledges(good.send("Update", good.adding(rows(0, random)))))
          .isTrue();
    }
  }

  /** Whether an Update may ask for what was never there to be deleted, which changes nothing. */
  private static boolean mayDelete(Mutations.Request request) {
    return new String(request.body().array(), StandardCharsets.ISO_8859_1)
        .replace("\0", "")
        .contains(">true</");
  }

  private static List<Row> rows(int request, Random random) {
    return IntStream.rangeClosed(0, random.nextInt(4))
        .mapToObj(n ->
            new Row(
                "reserve-" + request,
                "riv:crm:scheduling",
                "SE2321000016-A001",
                "booking-" + request + "-" + n,
                "20270115093000"))
        .toList();
  }

  /** One engagement too many, or some megabytes too many. */
  private static Mutations.Request tooMuch(IndexClient good, int number) {
    List<Row> rows =
        IntStream.range(0, number % 2000 == 999 ? 1001 : 20_000)
            .mapToObj(n ->
                new Row(
                    "reserve-" + n,
                    "riv:crm:scheduling",
                    "SE2321000016-A001",
                    "much-" + n,
                    "20270115093000"))
            .toList();
    return Mutations.Request.in(
        StandardCharsets.UTF_8, good.adding(rows), "text/xml; charset=UTF-8");
  }

  private HttpResponse<String> send(URI application, String operation, Mutations.Request request)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(
                application.resolve(
                    "/rivta/itintegration/engagementindex/" + operation + "/1/rivtabp21"))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", request.contentType())
            .header("x-skltp-correlation-id", "mutated")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request.body().array()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String outcome(HttpResponse<String> answer, Mutations.Request request) {
    String body = answer.body();
    if (answer.statusCode() == 200) {
      assertThat(body).containsAnyOf(">OK</", "FindContentResponse");
      return "done";
    }
    assertThat(answer.statusCode()).as(body).isEqualTo(500);
    Matcher fault = FAULT.matcher(body);
    assertThat(fault.find()).as(body).isTrue();
    String text = fault.group(1).replace("&quot;", "\"").replace("&lt;", "<").replace("&amp;", "&");
    assertThat(text).as(() -> "the answer to " + request).matches(DOCUMENTED);
    return text.startsWith("EI") ? text.substring(0, 5) : text.split("[\":(]", 2)[0];
  }

  /** Changes with everything stored: each request has residents of its own, so all is news. */
  private static long state(JdbcClient database) {
    return database.sql("SELECT sum(position) FROM feed_bucket").query(Long.class).single();
  }
}
