package se.samflode.readmodel;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** The elements of a timeslot, in the contract's order (crm:scheduling 1.1). */
enum TimeslotElement {
  START("startTimeInclusive"),
  END("endTimeExclusive"),
  CLINIC("healthcare_facility"),
  PERFORMER("performer"),
  BOOKING_ID("bookingId"),
  RESIDENT("subject_of_care"),
  PURPOSE("purpose"),
  REASON("reason"),
  RESOURCE_NAME("resourceName"),
  CLINIC_NAME("healthcare_facility_name"),
  PERFORMER_NAME("performerName"),
  RESOURCE_ID("resourceID"),
  TIME_TYPE_NAME("timeTypeName"),
  TIME_TYPE_ID("timeTypeID"),
  CARE_TYPE_NAME("careTypeName"),
  CARE_TYPE_ID("careTypeID"),
  CANCELLABLE("cancel_booking_allowed"),
  REBOOKABLE("rebooking_allowed"),
  MESSAGEABLE("message_allowed"),
  INVITATION("urn:riv:crm:scheduling:1.1", "isInvitation");

  private static final Map<QName, TimeslotElement> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(TimeslotElement::qualified, Function.identity()));

  private final String namespace;
  private final String localName;

  TimeslotElement(String localName) {
    this("urn:riv:crm:scheduling:1", localName);
  }

  TimeslotElement(String namespace, String localName) {
    this.namespace = namespace;
    this.localName = localName;
  }

  /** The element of that name, {@code null} for one the contract does not have. */
  static @Nullable TimeslotElement named(QName name) {
    return BY_NAME.get(name);
  }

  /** The name without its namespace, for texts that state a rule. */
  String localName() {
    return localName;
  }

  private QName qualified() {
    return new QName(namespace, localName);
  }
}
