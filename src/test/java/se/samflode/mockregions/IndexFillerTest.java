package se.samflode.mockregions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.FileSystemResource;

/** Filling an index, against a stand-in that takes what it is sent. */
class IndexFillerTest {

  private static final String INDEX = "SE5565594230-INDEX";

  private record Received(String path, String sender, String correlationId, String body) {}

  private final ConcurrentLinkedQueue<Received> received = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer index;
  private volatile String resultCode = "OK";

  @BeforeEach
  void start() throws IOException {
    index = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    index.setExecutor(threads);
    index.createContext(
        "/",
        exchange -> {
          try (exchange) {
            received.add(
                new Received(
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("x-vp-sender-id"),
                    exchange.getRequestHeaders().getFirst("x-skltp-correlation-id"),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            byte[] answer =
                Soap.envelope(
                    out -> {},
                    out -> {
                      String namespace = "urn:riv:itintegration:engagementindex:UpdateResponder:1";
                      out.writeStartElement("u", "UpdateResponse", namespace);
                      out.writeNamespace("u", namespace);
                      out.writeStartElement("u", "ResultCode", namespace);
                      out.writeCharacters(resultCode);
                    });
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    index.start();
  }

  @AfterEach
  void stop() {
    index.stop(0);
    threads.shutdownNow();
  }

  @Test
  void sendsEveryEngagementOfEachSystemInChunksOfAThousand() {
    // given
    Map<String, List<Engagement>> engagements = engagements();
    int all = engagements.values().stream().mapToInt(List::size).sum();

    // when
    int acknowledged = filler().fill(engagements);

    // then
    assertThat(acknowledged).isEqualTo(all);
    assertThat(received).extracting(Received::sender).containsAll(engagements.keySet());
    assertThat(received)
        .hasSize(engagements.size() + 1)
        .allSatisfy(update -> {
          assertThat(update.path())
              .isEqualTo("/rivta/itintegration/engagementindex/Update/1/rivtabp21");
          assertThat(update.correlationId()).hasSize(36);
          assertThat(update.body()).contains(">" + INDEX + "</a:LogicalAddress>");
          assertThat(transactions(update)).isBetween(1, 1000);
        });
    assertThat(received.stream().mapToInt(IndexFillerTest::transactions).sum()).isEqualTo(all);
  }

  @Test
  void saysWhichSystemWasRefusedAndNothingAboutResidents() {
    // given
    resultCode = "ERROR";

    // when + then
    assertThatThrownBy(() -> filler().fill(engagements()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was refused")
        .hasMessageNotContaining("registeredResident");
  }

  @Test
  void updatesAreValidAgainstTheOriginalSchema() throws Exception {
    // given
    OriginalSchemas schemas =
        OriginalSchemas.atHand(
            "itintegration-engagementindex-1.0/interactions/UpdateInteraction/UpdateResponder_1.0.xsd");
    Map<String, List<Engagement>> some =
        Map.of(
            "SE2321000016-TIDBOK",
            engagements().getOrDefault("SE2321000016-TIDBOK", List.of()).stream()
                .filter(engagement -> engagement.residentId().matches("\\d{12}"))
                .toList());

    // when
    filler().fill(some);

    // then
    assertThat(received).hasSize(1);
    schemas.validateBody(received.element().body());
  }

  private IndexFiller filler() {
    return new IndexFiller("http://localhost:" + index.getAddress().getPort(), INDEX);
  }

  private static int transactions(Received update) {
    return update.body().split("<u:engagementTransaction>", -1).length - 1;
  }

  private static Map<String, List<Engagement>> engagements() {
    RegionsFile file =
        RegionsFile.read(new FileSystemResource(MockRegions.FOLDER.resolve("regions.yaml")));
    return Generator.generate(file, 1, LocalDate.of(2026, 11, 21)).engagements(file);
  }
}
