package se.samflode.endtoend;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import se.samflode.demo.DemoSystem;

/** A laboratory in front of a system, and who asks for its answers over SOAP. */
final class LabCaller {

  private final DemoSystem system;
  private final HttpCaller caller;

  LabCaller(DemoSystem system, HttpCaller caller) {
    this.system = system;
    this.caller = caller;
  }

  /** Pushes a transaction. */
  HttpResponse<String> push(String client, String body) {
    return caller.send(post(client, "/fhir/R4", body));
  }

  /** Pushes a message. */
  HttpResponse<String> process(String client, String body) {
    return caller.send(post(client, "/fhir/R4/$process-message", body));
  }

  /** A request that pushes JSON. */
  HttpRequest.Builder post(String client, String path, String body) {
    return request(client, path)
        .header("Content-Type", "application/fhir+json")
        .POST(BodyPublishers.ofString(body));
  }

  /** A request with the token of a client that may push. */
  HttpRequest.Builder request(String client, String path) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + token(client, "lab-results.write"));
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + system.port() + path);
  }

  String token(String client, String scope) {
    Map<String, Object> claims = new HashMap<>(system.issuer().claims(InstantSource.system()));
    claims.put("client_id", client);
    claims.put("scope", scope);
    return system.issuer().token(claims);
  }

  /**
   * Asks GetLaboratoryOrderOutcome for everything about a resident.
   *
   * @param major of the contract, 3 or 4
   * @param more elements of the request behind the resident
   */
  HttpResponse<String> soap(int major, String resident, String more) {
    return soap(major, resident, more, Consumers.headers());
  }

  HttpResponse<String> soap(int major, String resident, String more, Map<String, String> headers) {
    String id =
        major == 3
            ? "<c:id>%s</c:id><c:type>1.2.752.129.2.1.3.1</c:type>"
            : "<c:root>1.2.752.129.2.1.3.1</c:root><c:extension>%s</c:extension>";
    String contract = "clinicalprocess:healthcond:actoutcome";
    String envelope =
        """
        <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"
            xmlns:a="urn:riv:itintegration:registry:1" xmlns:c="urn:riv:%1$s:%2$d"
            xmlns:r="urn:riv:%1$s:GetLaboratoryOrderOutcomeResponder:%2$d">
          <e:Header><a:LogicalAddress>SE5565594230-INDEX</a:LogicalAddress></e:Header>
          <e:Body><r:GetLaboratoryOrderOutcome>
            <r:patientId>%3$s</r:patientId>%4$s
          </r:GetLaboratoryOrderOutcome></e:Body>
        </e:Envelope>
        """
            .formatted(contract, major, id.formatted(resident), more);
    return caller.soap(
        "/clinicalprocess/healthcond/actoutcome/GetLaboratoryOrderOutcome/" + major + "/rivtabp21",
        envelope,
        headers);
  }
}
