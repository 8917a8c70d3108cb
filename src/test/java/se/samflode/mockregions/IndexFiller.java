package se.samflode.mockregions;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Fills an engagement index as the systems would: with Update 1 over SOAP, each system for itself.
 * Immutable, thread-safe. Source: engagementindex 1.0, Update.
 */
public final class IndexFiller {

  private static final String PATH = "/rivta/itintegration/engagementindex/Update/1/rivtabp21";
  private static final String RESPONDER = "urn:riv:itintegration:engagementindex:UpdateResponder:1";
  private static final String CORE = "urn:riv:itintegration:engagementindex:1";
  private static final int LARGEST_UPDATE = 1000;
  private static final int AT_ONCE = 3;

  private final URI update;
  private final String indexHsaId;

  /**
   * For the index at one address.
   *
   * @param baseUrl the application's address without a path, such as {@code http://localhost:8080}
   * @param indexHsaId the index's own HSA-id, the logical address of every Update
   */
  public IndexFiller(String baseUrl, String indexHsaId) {
    this.update = URI.create(baseUrl + PATH);
    this.indexHsaId = indexHsaId;
  }

  /**
   * Sends all engagements and waits until the index has acknowledged each of them.
   *
   * @param bySourceSystem engagements by the HSA-id of the source system
   * @return how many were acknowledged
   * @throws IllegalStateException if the index cannot be reached or refuses; the text holds no
   *     identity
   */
  public int fill(Map<String, List<Engagement>> bySourceSystem) {
    try (HttpClient http =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Callable<Integer>> systems = new ArrayList<>();
      bySourceSystem.forEach(
          (system, engagements) -> systems.add(() -> fill(http, system, engagements)));
      int acknowledged = 0;
      for (Future<Integer> system : threads.invokeAll(systems)) {
        acknowledged += system.get();
      }
      return acknowledged;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the index was not filled: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while filling the index", e);
    }
  }

  private int fill(HttpClient http, String system, List<Engagement> engagements)
      throws IOException, InterruptedException {
    for (int from = 0; from < engagements.size(); from += LARGEST_UPDATE) {
      int to = Math.min(from + LARGEST_UPDATE, engagements.size());
      HttpResponse<byte[]> answer =
          http.send(
              HttpRequest.newBuilder(update)
                  .timeout(Duration.ofSeconds(60))
                  .header("Content-Type", "text/xml;charset=UTF-8")
                  .header("SOAPAction", RESPONDER + ":Update")
                  .header("x-skltp-correlation-id", UUID.randomUUID().toString())
                  .header("x-vp-sender-id", system)
                  .POST(
                      HttpRequest.BodyPublishers.ofByteArray(
                          envelope(engagements.subList(from, to))))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200 || !"OK".equals(resultCode(answer.body()))) {
        throw new IllegalStateException(
            "Update of " + system + " was refused, HTTP status " + answer.statusCode());
      }
    }
    return engagements.size();
  }

  private static String resultCode(byte[] answer) {
    try {
      return Soap.texts(answer)
          .getOrDefault(Soap.path(RESPONDER, "UpdateResponse", "ResultCode"), List.of(""))
          .getFirst();
    } catch (XMLStreamException e) {
      return "";
    }
  }

  private byte[] envelope(List<Engagement> engagements) {
    return Soap.envelope(
        out -> {
          out.writeStartElement("a", "LogicalAddress", Soap.REGISTRY);
          out.writeNamespace("a", Soap.REGISTRY);
          out.writeCharacters(indexHsaId);
          out.writeEndElement();
        },
        out -> {
          out.writeStartElement("u", "Update", RESPONDER);
          out.writeNamespace("u", RESPONDER);
          out.writeNamespace("i", CORE);
          for (Engagement engagement : engagements) {
            transaction(out, engagement);
          }
          out.writeEndElement();
        });
  }

  private static void transaction(XMLStreamWriter out, Engagement engagement)
      throws XMLStreamException {
    out.writeStartElement("u", "engagementTransaction", RESPONDER);
    element(out, "deleteFlag", "false");
    out.writeStartElement("i", "engagement", CORE);
    element(out, "registeredResidentIdentification", engagement.residentId());
    element(out, "serviceDomain", engagement.serviceDomain());
    element(out, "categorization", engagement.categorization());
    element(out, "logicalAddress", engagement.logicalAddress());
    element(out, "businessObjectInstanceIdentifier", engagement.businessObject());
    element(out, "clinicalProcessInterestId", "NA");
    element(out, "mostRecentContent", Soap.timestamp(engagement.mostRecentContent()));
    element(out, "sourceSystem", engagement.sourceSystem());
    element(out, "dataController", engagement.dataController());
    out.writeEndElement();
    out.writeEndElement();
  }

  private static void element(XMLStreamWriter out, String name, String text)
      throws XMLStreamException {
    out.writeStartElement("i", name, CORE);
    out.writeCharacters(text);
    out.writeEndElement();
  }
}
