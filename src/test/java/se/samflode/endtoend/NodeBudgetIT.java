package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.RequestBody;
import se.samflode.contract.RequestEnvelope;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;
import se.samflode.testing.RunningSystem;

/** Many large answers at once stay inside the node's budget. */
class NodeBudgetIT {

  private static final int PRODUCERS = 20;
  private static final int ITEMS = 15;
  private static final int MEGABYTE = 1024 * 1024;

  /** What stays of 256 MB for answers of 15 MB each. */
  private static final int MOST_AT_ONCE = 17;

  private static final Contract CONTRACT = new Contracts().named("GetCareContacts 2");

  private final HttpCaller caller = new HttpCaller();
  private final HttpClient http = HttpClient.newHttpClient();
  private final String resident = Residents.withoutBookings(5);

  @Test
  void showsWhatTheBudgetHoldsAndSaysWhatItDoesNot() throws Exception {
    // given
    List<String> addresses =
        IntStream.range(0, PRODUCERS).mapToObj(n -> "SE5565594230-BIG" + n).toList();
    IndexUpdates index = new IndexUpdates(caller);
    try (RawProducer producer = new RawProducer();
        Registry registry = new Registry()) {
      StringBuilder entries = new StringBuilder(registry.original());
      for (String address : addresses) {
        entries.append(
            Registry.producer(
                address.replaceFirst(".*-BIG", "big-"),
                producer.url(),
                address,
                "{ connect: 2s, call: 20s }",
                CONTRACT.name()));
        entries.append("    validation: { %s: off }\n".formatted(CONTRACT.name()));
        index.add(resident, address, CONTRACT);
      }
      registry.write(entries.toString());

      // when
      producer.answers(RawProducer.bytes("text/xml", envelope(MEGABYTE).getBytes(UTF_8)));
      Answer large = ask();
      await().untilAsserted(() -> assertThat(inUse()).isZero());
      producer.answers(RawProducer.bytes("text/xml", envelope(1).getBytes(UTF_8)));
      Answer small = ask();

      // then
      addresses.forEach(address -> index.delete(resident, address, CONTRACT));
      int live = times(large.beginning(), "DataFromSource");
      // A slow machine may run into the deadline too.
      assertThat(live).isBetween(1, MOST_AT_ONCE);
      assertThat(times(large.beginning(), ">limited: ")).isPositive();
      assertThat(large.bytes()).isBetween((long) live * ITEMS * MEGABYTE, 256L * MEGABYTE);
      assertThat(large.beginning()).contains("complete").contains(">false<");
      assertThat(times(small.beginning(), "DataFromSource")).isEqualTo(PRODUCERS);
    }
  }

  /** An answer as it came: its first part, and how long it was. */
  private record Answer(String beginning, long bytes) {}

  private Answer ask() throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://localhost:%d/rivta%s"
                        .formatted(RunningSystem.get().port(), CONTRACT.interaction().path())))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "text/xml; charset=UTF-8")
            .POST(
                BodyPublishers.ofByteArray(
                    RequestEnvelope.of(
                        RequestBody.ofEverything(CONTRACT),
                        new LogicalAddress("SE-ANY"),
                        new PersonId(resident),
                        null,
                        null)));
    Consumers.headers().forEach(request::header);
    try (InputStream body = http.send(request.build(), BodyHandlers.ofInputStream()).body()) {
      byte[] beginning = body.readNBytes(64 * 1024);
      return new Answer(
          new String(beginning, UTF_8),
          beginning.length + body.transferTo(OutputStream.nullOutputStream()));
    }
  }

  private static int times(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  private double inUse() {
    return caller.metric("samflode_answers_size_bytes");
  }

  private String envelope(int bytes) {
    String item =
        """
        <r:careContact><c:careContactHeader><c:patientId><c:id>%s</c:id></c:patientId>\
        </c:careContactHeader><x:note xmlns:x="urn:x">%s</x:note></r:careContact>\
        """
            .formatted(resident, "n".repeat(bytes));
    return """
    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>\
    <r:GetCareContactsResponse xmlns:r="%s" xmlns:c="%s">%s</r:GetCareContactsResponse></s:Body>\
    </s:Envelope>\
    """
        .formatted(CONTRACT.interaction().namespace(), CONTRACT.core(), item.repeat(ITEMS));
  }
}
