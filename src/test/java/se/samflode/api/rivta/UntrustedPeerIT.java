package se.samflode.api.rivta;

import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.api.rivta.SoapApplication.INDEX;
import static se.samflode.api.rivta.SoapApplication.UPDATE_PATH;
import static se.samflode.api.rivta.SoapApplication.transaction;
import static se.samflode.api.rivta.SoapApplication.update;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.profiles.active=demo",
      "samflode.index.hsa-id=" + INDEX,
      "samflode.trusted-proxies=10.0.0.1",
      "management.server.port=0"
    })
class UntrustedPeerIT {

  @LocalServerPort private int port;
  @Autowired private JdbcClient database;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    SoapApplication.settings(properties);
  }

  @Test
  void refusesAPeerThatIsNotTrustedWhateverItsHeadersSay() {
    // given
    SoapApplication soap = new SoapApplication(port);
    var request =
        soap.request(UPDATE_PATH)
            .header("Content-Type", "text/xml")
            .header("x-skltp-correlation-id", "test-1")
            .header("X-Forwarded-For", "10.0.0.1")
            .header("Forwarded", "for=10.0.0.1")
            .header("X-Real-IP", "10.0.0.1")
            .POST(BodyPublishers.ofString(update(transaction("booking-1"))));

    // when
    HttpResponse<String> answer = soap.send(request);
    HttpResponse<String> description = soap.get(UPDATE_PATH + "?wsdl");

    // then
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains("<faultcode>soap:Server</faultcode>")
        .contains("<faultstring>The caller is not trusted</faultstring>");
    assertThat(description.statusCode()).isEqualTo(403);
    assertThat(database.sql("SELECT count(*) FROM engagement").query(Long.class).single()).isZero();
  }
}
