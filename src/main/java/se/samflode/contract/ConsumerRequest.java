package se.samflode.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.RequestBody.Open;
import se.samflode.contract.RequestBody.Place;
import se.samflode.identity.PersonId;

/**
 * What a consumer asks of an aggregated contract. Immutable; prints itself redacted.
 *
 * @param resident the identity as it stands, without blanks around it; empty if there is none
 * @param body what producers are asked
 * @param only what the answer is limited to
 * @param refused whether it holds the child that must not be sent to an aggregating service
 */
public record ConsumerRequest(String resident, RequestBody body, Selection only, boolean refused) {

  /** A path that no element has. */
  private static final String NOWHERE = "-";

  /**
   * Reads a request.
   *
   * @param xml at the start of the request element; afterwards at its end
   * @param scope the namespaces in scope around it, by prefix ("" for the default)
   */
  public static ConsumerRequest read(
      XMLStreamReader xml, Map<String, String> scope, Contract contract) throws XMLStreamException {
    Contract.Request paths = contract.request();
    Contract.Resident named = paths.resident();
    XmlTee.Watch resident = new XmlTee.Watch(named.path(), true);
    XmlTee.Watch type =
        new XmlTee.Watch(
            named.type() == null ? NOWHERE : named.element() + '/' + named.type(), true);
    XmlTee.Watch sourceSystem = watch(paths.sourceSystem());
    XmlTee.Watch careUnit = watch(paths.careUnit());
    XmlTee.Watch categorization = watch(paths.categorization());
    XmlTee.Watch refused = watch(paths.refused());
    XmlTee tee =
        new XmlTee(
            xml,
            scope,
            List.of(resident, type, sourceSystem, careUnit, categorization, refused),
            List.of(),
            null);
    tee.finish();
    String identity = resident.texts().isEmpty() ? "" : resident.texts().getLast();
    List<Open> open = new ArrayList<>();
    resident.places().forEach(at -> open.add(new Open(Place.RESIDENT, at)));
    type.places().forEach(at -> open.add(new Open(Place.RESIDENT_TYPE, at)));
    RequestBody body =
        paths.address() == null
            ? new RequestBody(contract, tee.bytes(), open, person(identity), last(type.texts()))
            : RequestBody.ofEverything(contract);
    return new ConsumerRequest(
        identity,
        body,
        new Selection(limits(sourceSystem), limits(careUnit), limits(categorization)),
        !refused.texts().isEmpty());
  }

  private static XmlTee.Watch watch(@Nullable String path) {
    return new XmlTee.Watch(path == null ? NOWHERE : path, false);
  }

  /** An element without text limits to nothing: today's aggregators take it for absent. */
  private static Set<String> limits(XmlTee.Watch watch) {
    return watch.texts().stream()
        .filter(text -> !text.isBlank())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static @Nullable String last(List<String> texts) {
    return texts.isEmpty() ? null : texts.getLast();
  }

  private static @Nullable PersonId person(String identity) {
    return identity.isEmpty() || identity.length() > PersonId.MAX_LENGTH
        ? null
        : new PersonId(identity);
  }

  @Override
  public String toString() {
    return "ConsumerRequest[redacted]";
  }
}
