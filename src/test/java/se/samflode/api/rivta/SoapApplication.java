package se.samflode.api.rivta;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.test.context.DynamicPropertyRegistry;
import se.samflode.demo.DemoIssuer;
import se.samflode.testing.TestDatabase;

/** What the SOAP tests share: settings, envelopes and a plain HTTP caller. */
final class SoapApplication {

  static final String INDEX = "SE2321000016-EI01";
  static final String RESIDENT = "202312302397";
  static final String CORE = "urn:riv:itintegration:engagementindex:1";
  static final String UPDATE_PATH = "/rivta/itintegration/engagementindex/Update/1/rivtabp21";
  static final String FIND_PATH = "/rivta/itintegration/engagementindex/FindContent/1/rivtabp21";
  static final String NOTIFICATION_PATH =
      "/rivta/itintegration/engagementindex/ProcessNotification/1/rivtabp21";
  static final String UPDATES_PATH = "/rivta/itintegration/engagementindex/GetUpdates/1/rivtabp21";
  static final String PING_PATH =
      "/rivta/itintegration/monitoring/PingForConfiguration/1/rivtabp21";

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final int port;

  SoapApplication(int port) {
    this.port = port;
  }

  /** A database of its own, and what else the application cannot start without. */
  static void settings(DynamicPropertyRegistry properties) {
    properties.add("spring.datasource.url", TestDatabase.create()::url);
    properties.add("samflode.producers.registry", () -> "file:mock-regions/producers.yaml");
    new DemoIssuer().properties().forEach((name, value) -> properties.add(name, () -> value));
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  HttpResponse<String> post(String path, String body) {
    return post(path, "text/xml; charset=UTF-8", BodyPublishers.ofString(body));
  }

  HttpResponse<String> post(String path, String type, BodyPublisher body) {
    return send(
        request(path)
            .header("Content-Type", type)
            .header("x-skltp-correlation-id", "test-1")
            .POST(body));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url(path))).timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static String envelope(String logicalAddress, String body) {
    return """
    <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
        xmlns:r="urn:riv:itintegration:registry:1" xmlns:c="%s">
      <soapenv:Header><r:LogicalAddress>%s</r:LogicalAddress></soapenv:Header>
      <soapenv:Body>%s</soapenv:Body>
    </soapenv:Envelope>\
    """
        .formatted(CORE, logicalAddress, body);
  }

  static String update(String transactions) {
    return envelope(
        INDEX,
        """
        <u:Update xmlns:u="urn:riv:itintegration:engagementindex:UpdateResponder:1">%s</u:Update>\
        """
            .formatted(transactions));
  }

  static String transaction(String businessObject) {
    return transaction(businessObject, "<c:deleteFlag>false</c:deleteFlag>", "");
  }

  static String transaction(String businessObject, String deleteFlag, String more) {
    return """
    <u:engagementTransaction>%s<c:engagement>
      <c:registeredResidentIdentification>%s</c:registeredResidentIdentification>
      <c:serviceDomain>riv:crm:scheduling</c:serviceDomain>
      <c:categorization>Booking</c:categorization>
      <c:logicalAddress>SE2321000016-A001</c:logicalAddress>
      <c:businessObjectInstanceIdentifier>%s</c:businessObjectInstanceIdentifier>
      <c:clinicalProcessInterestId>NA</c:clinicalProcessInterestId>
      <c:mostRecentContent>20261124093000</c:mostRecentContent>
      <c:sourceSystem>SE2321000016-S001</c:sourceSystem>
      <c:dataController>Region Åland &amp; Öster</c:dataController>%s
    </c:engagement></u:engagementTransaction>\
    """
        .formatted(deleteFlag, RESIDENT, businessObject, more);
  }

  static String notification(String transactions) {
    return envelope(
        "not looked at",
        """
        <u:ProcessNotification xmlns:u="urn:riv:itintegration:engagementindex:ProcessNotificationResponder:1">%s</u:ProcessNotification>\
        """
            .formatted(transactions));
  }

  static String updates(String content) {
    return envelope(
        "not looked at",
        """
        <g:GetUpdates xmlns:g="urn:riv:itintegration:engagementindex:GetUpdatesResponder:1">%s</g:GetUpdates>\
        """
            .formatted(content));
  }

  static String find(String more) {
    return envelope(
        INDEX,
        """
        <f:FindContent xmlns:f="urn:riv:itintegration:engagementindex:FindContentResponder:1">
          <f:registeredResidentIdentification>%s</f:registeredResidentIdentification>
          <f:serviceDomain>riv:crm:scheduling</f:serviceDomain>%s</f:FindContent>\
        """
            .formatted(RESIDENT, more));
  }
}
