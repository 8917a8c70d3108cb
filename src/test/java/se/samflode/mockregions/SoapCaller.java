package se.samflode.mockregions;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A raw caller of mock regions for their own tests. Thread-safe. */
final class SoapCaller implements AutoCloseable {

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  HttpResponse<String> ask(MockRegions regions, BookingFact booking) throws Exception {
    return http.send(
        request(regions, booking, Duration.ofSeconds(30)), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<InputStream> stream(MockRegions regions, BookingFact booking) throws Exception {
    return http.send(
        request(regions, booking, Duration.ofSeconds(30)),
        HttpResponse.BodyHandlers.ofInputStream());
  }

  CompletableFuture<HttpResponse<String>> later(
      MockRegions regions, BookingFact booking, Duration timeout) {
    return http.sendAsync(request(regions, booking, timeout), HttpResponse.BodyHandlers.ofString());
  }

  /** Asks the journal or lab system that has a record. */
  HttpResponse<String> ask(MockRegions regions, RecordFact fact, String question) throws Exception {
    return send("POST", url(regions, fact.region(), fact.producer()), question);
  }

  HttpResponse<String> send(String method, String uri, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(uri))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  static String url(MockRegions regions, BookingFact booking) {
    return url(regions, booking.region(), booking.producer());
  }

  private static String url(MockRegions regions, String region, String producer) {
    return "http://localhost:"
        + regions.port(region)
        + "/"
        + region
        + "/"
        + producer.substring(region.length() + 1);
  }

  static String question(String address, String facility, String resident) {
    return """
    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>
    <LogicalAddress xmlns="urn:riv:itintegration:registry:1">%s</LogicalAddress>
    <Actor xmlns="urn:riv:interoperability:headers:1"><actorId>%s</actorId>
    <actorType>subject_of_care</actorType></Actor></s:Header><s:Body>
    <GetSubjectOfCareSchedule
        xmlns="urn:riv:crm:scheduling:GetSubjectOfCareScheduleResponder:1">
    <healthcare_facility>%s</healthcare_facility><subject_of_care>%s</subject_of_care>
    </GetSubjectOfCareSchedule></s:Body></s:Envelope>\
    """
        .formatted(address, resident, facility, resident);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private static HttpRequest request(MockRegions regions, BookingFact booking, Duration timeout) {
    return HttpRequest.newBuilder(URI.create(url(regions, booking)))
        .timeout(timeout)
        .header("Content-Type", "text/xml;charset=UTF-8")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                question(booking.careUnit(), booking.careUnit(), booking.residentId())))
        .build();
  }
}
