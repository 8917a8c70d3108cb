package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import se.samflode.contract.Reason;
import se.samflode.readmodel.Kind;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;

/** The demo's page to try the JSON API. */
class DemoPageIT {

  private final HttpCaller caller = new HttpCaller();

  @Test
  void isOnePageThatFetchesNothingFromElsewhere() {
    // when
    HttpResponse<String> page = get("/demo");

    // then
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
    assertThat(page.body())
        .contains("<title>Samflöde")
        .doesNotContainPattern("https?://|//[a-z]+\\.|\\bsrc=|@import|url\\(");
  }

  @Test
  void offersEveryKindAndHasAWordForEveryReason() {
    // when
    JsonNode kinds = HttpCaller.json(get("/demo/kinds"));
    JsonNode reasons = HttpCaller.json(get("/demo/reasons"));

    // then
    assertThat(kinds.valueStream().map(JsonNode::asString))
        .containsExactlyElementsOf(Arrays.stream(Kind.values()).map(Kind::path).toList());
    assertThat(reasons.propertyNames())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reason.values()).map(Reason::code).toList());
  }

  private HttpResponse<String> get(String path) {
    URI uri = URI.create("http://localhost:" + RunningSystem.get().port() + path);
    return caller.send(HttpRequest.newBuilder(uri));
  }
}
