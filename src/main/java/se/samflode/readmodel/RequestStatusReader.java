package se.samflode.readmodel;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;

/**
 * Reads GetRequestActivities 1 (requeststatus 1.0). It is no part of the medical record: nothing in
 * it is hidden from the resident.
 */
final class RequestStatusReader {

  private static final String CORE = "urn:riv:crm:requeststatus:1";

  private RequestStatusReader() {}

  static ItemReader<RequestStatus> reader() {
    ItemLayout layout =
        new ItemLayout(List.of(CORE), List.of("subjectOfCareId"), true, List.of(), List.of());
    return new TreeReader<>(layout, RequestStatusReader::status);
  }

  private static ItemResult.Read<RequestStatus> status(XmlNode item, LogicalAddress source)
      throws BrokenRule {
    DayOrTime time = XmlNode.firstTime(item.child(CORE, "eventTime"));
    if (time == null) {
      throw new BrokenRule("eventTime must be there");
    }
    RequestStatus status =
        new RequestStatus(
            id(item, source),
            plain(item, "senderRequestId"),
            plain(item, "receiverRequestId"),
            Code.of(plain(item, "typeOfRequest"), null, null),
            Code.of(plain(item, "requestMedium"), null, null),
            Code.of(plain(item, "statusCode"), null, null),
            time,
            shown(item, "requestIssuedByPersonName"),
            unit(item, "requestIssuedByOrganizationalUnit"),
            shown(item, "receivingPersonName"),
            unit(item, "receivingOrganizationalUnit"),
            plain(item, "careUnit"),
            plain(item, "logicalSystemId"),
            source.value());
    return TreeReader.found(status, time);
  }

  /**
   * An event has no id of its own: the request's ids, its kind, the status, the time and the two
   * units make one.
   */
  private static String id(XmlNode item, LogicalAddress source) throws BrokenRule {
    String system = plain(item, "logicalSystemId");
    return StableId.of(
        Stream.of(
                system == null ? source.folded() : system.toUpperCase(Locale.ROOT),
                plain(item, "senderRequestId"),
                plain(item, "receiverRequestId"),
                plain(item, "typeOfRequest"),
                plain(item, "statusCode"),
                plain(item, "eventTime"),
                plain(item, "requestIssuedByOrganizationalUnitId"),
                plain(item, "receivingOrganizationalUnitId"))
            .map(part -> Objects.requireNonNullElse(part, ""))
            .toList());
  }

  private static @Nullable Unit unit(XmlNode item, String name) throws BrokenRule {
    return Unit.of(plain(item, name + "Id"), shown(item, name + "Description"));
  }

  private static @Nullable String plain(XmlNode item, String name) throws BrokenRule {
    return item.child(CORE, name).plain();
  }

  private static @Nullable String shown(XmlNode item, String name) throws BrokenRule {
    return item.child(CORE, name).shown();
  }
}
