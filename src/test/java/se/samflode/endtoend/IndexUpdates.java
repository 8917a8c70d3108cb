package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import se.samflode.contract.Contract;
import se.samflode.demo.DemoSystem;

/** Tells the index of one booking over SOAP, as a booking system would. Thread-safe. */
final class IndexUpdates {

  static final String PATH = "/itintegration/engagementindex/Update/1/rivtabp21";

  /** The source system of bookings. */
  static final String SOURCE = "SE5565594230-RAW";

  private final HttpCaller caller;

  IndexUpdates(HttpCaller caller) {
    this.caller = caller;
  }

  void add(String resident, String address) {
    send(resident, address, "riv:crm:scheduling", "Booking", SOURCE, false);
  }

  void delete(String resident, String address) {
    send(resident, address, "riv:crm:scheduling", "Booking", SOURCE, true);
  }

  /** Content that a contract's producers are asked for at this address. */
  void add(String resident, String address, Contract contract) {
    send(resident, address, contract, address, false);
  }

  void delete(String resident, String address, Contract contract) {
    send(resident, address, contract, address, true);
  }

  /** Adds or deletes content that is indexed under another address than its source system's. */
  void send(
      String resident, String address, Contract contract, String sourceSystem, boolean delete) {
    List<String> categorizations = contract.index().categorizations();
    send(
        resident,
        address,
        contract.index().serviceDomain(),
        categorizations.isEmpty() ? "2" : categorizations.getFirst(),
        sourceSystem,
        delete);
  }

  private void send(
      String resident,
      String address,
      String domain,
      String categorization,
      String sourceSystem,
      boolean delete) {
    HttpResponse<String> answer =
        caller.soap(
            PATH,
            envelope(resident, address, domain, categorization, sourceSystem, delete),
            headers(sourceSystem));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains(">OK</");
  }

  /** The headers of a source system. */
  static Map<String, String> headers(String sourceSystem) {
    return Map.of("x-skltp-correlation-id", "update-1", "x-vp-sender-id", sourceSystem);
  }

  /** The envelope that adds a booking. */
  static String envelope(String resident, String address) {
    return envelope(resident, address, "riv:crm:scheduling", "Booking", SOURCE, false);
  }

  private static String envelope(
      String resident,
      String address,
      String domain,
      String categorization,
      String sourceSystem,
      boolean delete) {
    return """
    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
        xmlns:c="urn:riv:itintegration:engagementindex:1"
        xmlns:u="urn:riv:itintegration:engagementindex:UpdateResponder:1">
      <s:Header>
        <a:LogicalAddress xmlns:a="urn:riv:itintegration:registry:1">%s</a:LogicalAddress>
      </s:Header>
      <s:Body><u:Update><u:engagementTransaction><c:deleteFlag>%s</c:deleteFlag><c:engagement>
        <c:registeredResidentIdentification>%s</c:registeredResidentIdentification>
        <c:serviceDomain>%s</c:serviceDomain>
        <c:categorization>%s</c:categorization>
        <c:logicalAddress>%s</c:logicalAddress>
        <c:businessObjectInstanceIdentifier>X1</c:businessObjectInstanceIdentifier>
        <c:clinicalProcessInterestId>NA</c:clinicalProcessInterestId>
        <c:mostRecentContent>20270201090000</c:mostRecentContent>
        <c:sourceSystem>%s</c:sourceSystem>
        <c:dataController>SE5565594230</c:dataController>
      </c:engagement></u:engagementTransaction></u:Update></s:Body>
    </s:Envelope>\
    """
        .formatted(
            DemoSystem.INDEX, delete, resident, domain, categorization, address, sourceSystem);
  }
}
