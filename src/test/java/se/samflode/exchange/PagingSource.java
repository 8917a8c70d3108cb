package se.samflode.exchange;

import java.net.URI;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A source system that offers GetUpdates: every resident it knows has changed. */
final class PagingSource implements AutoCloseable {

  static final String SYSTEM = "SE2321000016-S001";
  static final String DOMAIN = "riv:crm:scheduling";

  private final SoapPeer peer = new SoapPeer();
  private final NavigableMap<String, List<String>> objectsByResident =
      new ConcurrentSkipListMap<>();
  private volatile int pageSize = 100;
  private volatile UnaryOperator<String> change = engagement -> engagement;

  PagingSource() {
    works();
  }

  URI url() {
    return peer.url();
  }

  /** What it has of a resident; without objects it has nothing any more. */
  PagingSource has(String resident, String... objects) {
    objectsByResident.put(resident, List.of(objects));
    return this;
  }

  void pagesOf(int residents) {
    pageSize = residents;
  }

  /** Changes the XML of every engagement it tells. */
  void tells(UnaryOperator<String> changed) {
    change = changed;
  }

  void works() {
    peer.answers(request -> SoapPeer.Answer.ok(page(request.body())));
  }

  /** Works until it is asked for the page after a resident, and then answers so. */
  void answersAfter(String resident, SoapPeer.Answer answer) {
    peer.answers(request ->
        lastFetched(request.body()).equals(resident)
            ? answer
            : SoapPeer.Answer.ok(page(request.body())));
  }

  /** Works, but not for a service domain. */
  void failsFor(String serviceDomain) {
    peer.answers(request ->
        text(request.body(), "serviceDomain").equals(serviceDomain)
            ? SoapPeer.Answer.fault("no")
            : SoapPeer.Answer.ok(page(request.body())));
  }

  /** How often it was asked for a service domain. */
  long asked(String serviceDomain) {
    return peer.requests().stream()
        .filter(request -> text(request.body(), "serviceDomain").equals(serviceDomain))
        .count();
  }

  void answers(SoapPeer.Answer answer) {
    peer.answers(request -> answer);
  }

  /** What it was asked to tell after, page by page. */
  List<String> asked() {
    return peer.requests().stream().map(request -> lastFetched(request.body())).toList();
  }

  /** The times it was asked for, page by page. */
  List<String> times() {
    return peer.requests().stream().map(request -> text(request.body(), "timeStamp")).toList();
  }

  List<SoapPeer.Request> requests() {
    return peer.requests();
  }

  private String page(String request) {
    NavigableMap<String, List<String>> rest =
        objectsByResident.tailMap(lastFetched(request), false);
    String told =
        rest.entrySet().stream()
            .limit(pageSize)
            .map(entry -> resident(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining());
    return answer(rest.size() <= pageSize, told);
  }

  static String answer(boolean complete, String told) {
    return """
    <g:GetUpdatesResponse xmlns:g="urn:riv:itintegration:engagementindex:GetUpdatesResponder:1"
        xmlns:c="urn:riv:itintegration:engagementindex:1">
      <g:responseIsComplete>%s</g:responseIsComplete>%s
    </g:GetUpdatesResponse>\
    """
        .formatted(complete, told);
  }

  private String resident(String resident, List<String> objects) {
    return """
    <g:registeredResidentEngagement>
      <g:registeredResidentIdentification>%s</g:registeredResidentIdentification>%s
    </g:registeredResidentEngagement>\
    """
        .formatted(
            resident,
            objects.stream()
                .map(object -> change.apply(engagement(resident, object)))
                .collect(Collectors.joining()));
  }

  private static String engagement(String resident, String object) {
    return """
    <g:engagement>
      <c:registeredResidentIdentification>%s</c:registeredResidentIdentification>
      <c:serviceDomain>%s</c:serviceDomain>
      <c:categorization>Booking</c:categorization>
      <c:logicalAddress>SE2321000016-A001</c:logicalAddress>
      <c:businessObjectInstanceIdentifier>%s</c:businessObjectInstanceIdentifier>
      <c:clinicalProcessInterestId>NA</c:clinicalProcessInterestId>
      <c:mostRecentContent>20261124093000</c:mostRecentContent>
      <c:sourceSystem>%s</c:sourceSystem>
      <c:dataController>SE2321000016-0001</c:dataController>
    </g:engagement>\
    """
        .formatted(resident, DOMAIN, object, SYSTEM);
  }

  private static String lastFetched(String request) {
    return text(request, "registeredResidentLastFetched");
  }

  private static String text(String xml, String element) {
    Matcher found = Pattern.compile(element + "[^>]*>([^<]*)<").matcher(xml);
    return found.find() ? found.group(1) : "";
  }

  @Override
  public void close() {
    peer.close();
  }
}
