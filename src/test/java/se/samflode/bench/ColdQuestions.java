package se.samflode.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.InstantSource;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.RequestBody;
import se.samflode.contract.RequestEnvelope;
import se.samflode.demo.DemoIssuer;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

/** Questions about laboratory results as HTTP requests, and what their answers must hold. */
final class ColdQuestions {

  private static final Contract LAB = new Contracts().named("GetLaboratoryOrderOutcome 3");

  /** Where the engine answers the contract. */
  static final String ENGINE_PATH = "/rivta" + LAB.interaction().path();

  private ColdQuestions() {}

  /** GetLaboratoryOrderOutcome 3 about each resident; all systems must have said all. */
  static ColdLoad soap(int port, String path, ColdSources sources) {
    return new ColdLoad(
        port,
        sources.residents().stream().map(resident -> soapRequest(path, resident)).toList(),
        body ->
            count(body, "DataFromSource<") == sources.addresses().size()
                && count(body, "documentId>") == 2 * sources.addresses().size() * sources.items());
  }

  /** The same, wherever the items come from. */
  static ColdLoad anySoap(int port, ColdSources sources) {
    return new ColdLoad(
        port,
        sources.residents().stream().map(resident -> soapRequest(ENGINE_PATH, resident)).toList(),
        body -> count(body, "documentId>") == 2 * sources.addresses().size() * sources.items());
  }

  private static String soapRequest(String path, String resident) {
    byte[] envelope =
        RequestEnvelope.of(
            RequestBody.ofEverything(LAB),
            new LogicalAddress("SE-ANY"),
            new PersonId(resident),
            null,
            null);
    return """
    POST %s HTTP/1.1\r
    Host: localhost\r
    Content-Type: text/xml; charset=UTF-8\r
    SOAPAction: "%s"\r
    x-vp-sender-id: SE5565594230-1177\r
    x-rivta-original-serviceconsumer-hsaid: SE5565594230-1177\r
    x-skltp-correlation-id: cold\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(
            path, LAB.interaction().soapAction(), envelope.length, new String(envelope, UTF_8));
  }

  /** The JSON API with each resident's token; nothing may be missing. */
  static ColdLoad json(int port, DemoIssuer issuer, ColdSources sources) {
    return new ColdLoad(
        port,
        sources.residents().stream()
            .map(resident ->
                """
                GET /api/v1/lab-results HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s\r
                \r
                """
                    .formatted(issuer.token(issuer.claims(resident, InstantSource.system()))))
            .toList(),
        body -> body.contains("\"complete\":true"));
  }

  private static int count(String text, String part) {
    int found = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      found++;
    }
    return found;
  }
}
