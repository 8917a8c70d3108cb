package se.samflode.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(
    classes = ApiSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "management.endpoint.health.validate-group-membership=false",
      "samflode.consumers=classpath:access/consumers.yaml",
      "samflode.access.token.issuer=https://issuer.demo.invalid",
      "samflode.access.token.audience=samflode-demo",
      // Nobody listens on port 1.
      "samflode.access.token.jwks-uri=http://127.0.0.1:1/keys"
    })
class KeysUnavailableIT {

  private final int port;

  KeysUnavailableIT(@Value("${local.server.port}") int port) {
    this.port = port;
  }

  @Test
  void blamesTheKeysAndNotTheTokenWhenTheyCannotBeFetched() throws Exception {
    // given
    String token =
        ApiSlice.ISSUER.token(ApiSlice.ISSUER.claims(ApiSlice.PERSONNUMMER, Clock.systemUTC()));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1/bookings"))
            .header("Authorization", "Bearer " + token)
            .build();

    // when
    HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

    // then
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains(Problem.KEYS_UNAVAILABLE.type());
    assertThat(answer.headers().firstValue("retry-after")).contains("5");
  }
}
