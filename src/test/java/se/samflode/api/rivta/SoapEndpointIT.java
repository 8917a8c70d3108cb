package se.samflode.api.rivta;

import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.api.rivta.SoapApplication.INDEX;
import static se.samflode.api.rivta.SoapApplication.RESIDENT;
import static se.samflode.api.rivta.SoapApplication.envelope;

import java.io.StringReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import org.apache.cxf.staxutils.StaxUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import se.samflode.contract.Interaction;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.profiles.active=demo",
      "samflode.index.hsa-id=" + INDEX,
      "samflode.trusted-proxies=127.0.0.1",
      "management.server.port=0"
    })
@Import({SoapEndpointIT.EchoConfiguration.class})
@ExtendWith(OutputCaptureExtension.class)
class SoapEndpointIT {

  private static final String PATH = "/rivta/test/echo/Echo/1/rivtabp21";
  private static final String ECHO =
      "<e:Echo xmlns:e='urn:riv:test:echo:EchoResponder:1'>%s</e:Echo>";

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    SoapApplication.settings(properties);
  }

  @Test
  void carriesTheHeadersOfRequestAndAnswer() {
    // given
    String request =
        envelope("SE2321000016-A001", ECHO.formatted("hej"))
            .replace(
                "</soapenv:Header>",
                "<h:Actor xmlns:h='urn:riv:interoperability:headers:1'><h:actorId>a</h:actorId>"
                    + "<h:actorType>subject_of_care</h:actorType></h:Actor></soapenv:Header>");

    // when
    HttpResponse<String> answer = call(request);

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-echo")).contains("one");
    assertThat(answer.body())
        .containsPattern(
            "(?s)<soap:Header>.*<Status xmlns=\"urn:status\">ok</Status>.*</soap:Header>")
        .contains(">hej SE2321000016-A001 a subject_of_care<");
  }

  @Test
  void namesEveryMissingHeaderInOrder() {
    // given
    SoapApplication soap = new SoapApplication(port);
    var request =
        soap.request(PATH)
            .header("Content-Type", "text/xml")
            .header("x-two", "")
            .POST(BodyPublishers.ofString(envelope("x", ECHO.formatted("hej"))));

    // when
    HttpResponse<String> answer = soap.send(request);

    // then
    assertThat(answer.body())
        .contains(
            ">Mandatory HTTP header x-one is missing\n"
                + "Mandatory HTTP header x-three is missing\n<");
  }

  @Test
  void tellsNothingOfAnExceptionToCallerOrLog(CapturedOutput output) {
    // given
    String request = envelope("x", ECHO.formatted("fail"));

    // when
    HttpResponse<String> answer = call(request);

    // then
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains(">A technical error has occurred, correlation id: echo-1<")
        .doesNotContain("IllegalState");
    assertThat(output.getAll()).contains("answered with a fault").doesNotContain(RESIDENT);
  }

  private HttpResponse<String> call(String request) {
    SoapApplication soap = new SoapApplication(port);
    return soap.send(
        soap.request(PATH)
            .header("Content-Type", "text/xml")
            .header("x-skltp-correlation-id", "echo-1")
            .header("x-one", "1")
            .header("x-two", "2")
            .header("x-three", "3")
            .POST(BodyPublishers.ofString(request)));
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class EchoConfiguration {

    @Bean
    SoapOperation echo() {
      return new Echo();
    }
  }

  private static final class Echo implements SoapOperation {

    @Override
    public Interaction interaction() {
      return new Interaction("test:echo", "Echo", 1, 0);
    }

    @Override
    public List<String> mandatoryHeaders() {
      return List.of("x-one", "x-two", "x-three");
    }

    @Override
    public SoapAnswer answer(SoapRequest request) {
      String text = request.read(xml -> xml.getElementText());
      if ("fail".equals(text)) {
        throw new IllegalStateException("about " + RESIDENT);
      }
      var actor = request.actor().orElseThrow();
      String xml =
          "<EchoResponse xmlns='urn:riv:test:echo:EchoResponder:1'>%s %s %s %s</EchoResponse>"
              .formatted(text, request.logicalAddress(), actor.actorId(), actor.actorType());
      return new SoapAnswer(
          out -> out.write(xml.getBytes(StandardCharsets.UTF_8)),
          status(),
          Map.of("x-echo", "one"),
          () -> {});
    }

    private static org.w3c.dom.Element status() {
      try {
        return StaxUtils.read(new StringReader("<Status xmlns='urn:status'>ok</Status>"))
            .getDocumentElement();
      } catch (XMLStreamException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
