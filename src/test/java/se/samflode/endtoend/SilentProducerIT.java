package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A producer that says nothing more is given up by the read timeout, long before its deadline. */
class SilentProducerIT {

  private static final String ID = "silent-tidbok";

  private final CountDownLatch end = new CountDownLatch(1);
  private final RawProducer producer = new RawProducer();
  private final Registry registry = new Registry();
  private final DirectCalls calls = new DirectCalls(ID);

  @AfterEach
  void remove() {
    registry.close();
    end.countDown();
    calls.close();
    producer.close();
  }

  static Stream<Arguments> answers() {
    byte[] whole = RawProducer.envelope("").getBytes(UTF_8);
    return Stream.of(
        Arguments.of("no headers", (HttpHandler) exchange -> {}),
        Arguments.of(
            "headers alone",
            (HttpHandler)
                exchange -> {
                  exchange.sendResponseHeaders(200, whole.length);
                  exchange.getResponseBody().flush();
                }),
        Arguments.of(
            "half of the body",
            (HttpHandler)
                exchange -> {
                  exchange.sendResponseHeaders(200, whole.length);
                  exchange.getResponseBody().write(whole, 0, whole.length / 2);
                  exchange.getResponseBody().flush();
                }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void isGivenUp(String what, HttpHandler answer) throws Exception {
    // given
    register("{ call: 25s }");
    register("{ read: 500ms, call: 25s }");
    producer.answers(exchange -> {
      answer.handle(exchange);
      await(end);
    });

    // when
    String outcome = calls.begin(DirectCalls.READ_ALL).get(20, TimeUnit.SECONDS);

    // then
    assertThat(outcome).isEqualTo("timeout");
    assertThat(producer.received()).hasSize(1);
  }

  private void register(String timeouts) {
    registry.write(registry.withProducer(ID, producer.url(), "SE5565594230-SILENT", timeouts));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
