package se.samflode.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * A source system that tells the engagement index over SOAP, and one that asks it. Plain texts and
 * HTTP, so that it costs little. Thread-safe. Source: engagementindex 1.0.
 */
public final class IndexClient implements AutoCloseable {

  private final URI application;
  private final String indexHsaId;
  private final Duration timeout;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  /**
   * For the index of one application.
   *
   * @param application its address without a path
   * @param indexHsaId the address of Updates
   * @param timeout until an answer has come
   */
  public IndexClient(URI application, String indexHsaId, Duration timeout) {
    this.application = application;
    this.indexHsaId = indexHsaId;
    this.timeout = timeout;
  }

  /**
   * One engagement of a made-up source.
   *
   * @param resident an identity that no person has
   * @param object the id of its booking
   * @param mostRecentContent 14 digits
   */
  public record Row(
      String resident, String domain, String address, String object, String mostRecentContent) {

    private String transaction(boolean delete) {
      return """
      <u:engagementTransaction><c:deleteFlag>%s</c:deleteFlag><c:engagement>\
      <c:registeredResidentIdentification>%s</c:registeredResidentIdentification>\
      <c:serviceDomain>%s</c:serviceDomain>\
      <c:categorization>Booking</c:categorization>\
      <c:logicalAddress>%s</c:logicalAddress>\
      <c:businessObjectInstanceIdentifier>%s</c:businessObjectInstanceIdentifier>\
      <c:clinicalProcessInterestId>NA</c:clinicalProcessInterestId>\
      <c:mostRecentContent>%s</c:mostRecentContent>\
      <c:sourceSystem>%s-S</c:sourceSystem>\
      <c:dataController>SE2321000016</c:dataController>\
      </c:engagement></u:engagementTransaction>\
      """
          .formatted(delete, resident, domain, address, object, mostRecentContent, address);
    }

    @Override
    public String toString() {
      return "Row[" + object + "]";
    }
  }

  /** The envelope of an Update that adds rows. */
  public String adding(List<Row> rows) {
    return update(rows, false);
  }

  /** The envelope of an Update that takes rows away. */
  public String deleting(List<Row> rows) {
    return update(rows, true);
  }

  private String update(List<Row> rows, boolean delete) {
    StringBuilder transactions = new StringBuilder(1024 * rows.size());
    rows.forEach(row -> transactions.append(row.transaction(delete)));
    return envelope(
        "<u:Update xmlns:u=\"urn:riv:itintegration:engagementindex:UpdateResponder:1\">"
            + transactions
            + "</u:Update>");
  }

  /** The envelope of a FindContent. */
  public String finding(String resident, String domain) {
    return envelope(
        """
        <f:FindContent xmlns:f="urn:riv:itintegration:engagementindex:FindContentResponder:1">\
        <f:registeredResidentIdentification>%s</f:registeredResidentIdentification>\
        <f:serviceDomain>%s</f:serviceDomain></f:FindContent>\
        """
            .formatted(resident, domain));
  }

  private String envelope(String body) {
    return """
    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" \
    xmlns:c="urn:riv:itintegration:engagementindex:1"><s:Header>\
    <a:LogicalAddress xmlns:a="urn:riv:itintegration:registry:1">%s</a:LogicalAddress>\
    </s:Header><s:Body>%s</s:Body></s:Envelope>\
    """
        .formatted(indexHsaId, body);
  }

  /**
   * Sends an envelope and waits for the answer.
   *
   * @param operation such as {@code Update}
   * @throws IOException if no whole answer came in time
   */
  public HttpResponse<String> send(String operation, String envelope)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(
                application.resolve(
                    "/rivta/itintegration/engagementindex/" + operation + "/1/rivtabp21"))
            .timeout(timeout)
            .header("Content-Type", "text/xml; charset=UTF-8")
            .header("x-skltp-correlation-id", "index-client")
            .POST(BodyPublishers.ofString(envelope))
            .build(),
        BodyHandlers.ofString());
  }

  /** Whether an answer acknowledges an Update. */
  public static boolean acknowledges(HttpResponse<String> answer) {
    return answer.statusCode() == 200 && answer.body().contains(">OK</");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
