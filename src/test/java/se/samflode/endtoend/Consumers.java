package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import se.samflode.demo.DemoSystem;

/** Asks over SOAP as today's consumers of the aggregating service do. Stateless. */
final class Consumers {

  static final String PATH = "/crm/scheduling/GetSubjectOfCareSchedule/1/rivtabp21";
  static final String FRONT_END = "SE5565594230-1177";
  static final String JOURNAL = "SE5565594230-JOURNAL";

  private Consumers() {}

  /** The mandatory headers of a known consumer. */
  static Map<String, String> headers() {
    return headers(FRONT_END, FRONT_END);
  }

  static Map<String, String> headers(String sender, String original) {
    Map<String, String> headers = new HashMap<>();
    headers.put("x-vp-sender-id", sender);
    headers.put("x-rivta-original-serviceconsumer-hsaid", original);
    headers.put("x-skltp-correlation-id", "consumer-1");
    return headers;
  }

  static HttpResponse<String> ask(HttpCaller caller, Map<String, String> headers, String resident) {
    return caller.soap(PATH, question(resident, "subject_of_care"), headers);
  }

  static String question(String resident, String actorType) {
    return """
    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>
    <a:LogicalAddress xmlns:a="urn:riv:itintegration:registry:1">5565594230</a:LogicalAddress>
    <h:Actor xmlns:h="urn:riv:interoperability:headers:1"><h:actorId>%s</h:actorId>
    <h:actorType>%s</h:actorType></h:Actor></s:Header><s:Body>
    <GetSubjectOfCareSchedule xmlns="urn:riv:crm:scheduling:GetSubjectOfCareScheduleResponder:1">
    <healthcare_facility>HSAIDTYPE</healthcare_facility><subject_of_care>%s</subject_of_care>
    </GetSubjectOfCareSchedule></s:Body></s:Envelope>\
    """
        .formatted(resident, actorType, resident);
  }

  /** The body of FindContent's answer about booked times. */
  static String findContent(HttpCaller caller, String resident) {
    HttpResponse<String> found =
        caller.soap(
            "/itintegration/engagementindex/FindContent/1/rivtabp21",
            """
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>
            <LogicalAddress xmlns="urn:riv:itintegration:registry:1">%s</LogicalAddress></s:Header>
            <s:Body>
            <FindContent xmlns="urn:riv:itintegration:engagementindex:FindContentResponder:1">
            <registeredResidentIdentification>%s</registeredResidentIdentification>
            <serviceDomain>riv:crm:scheduling</serviceDomain></FindContent></s:Body></s:Envelope>\
            """
                .formatted(DemoSystem.INDEX, resident),
            headers());
    assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
    return found.body();
  }
}
