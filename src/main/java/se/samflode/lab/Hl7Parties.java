package se.samflode.lab;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabReport.Party;

/** Organisations and persons that a message names. Stateless, thread-safe. */
final class Hl7Parties {

  private Hl7Parties() {}

  /** Who ordered. */
  static @Nullable Party requester(Hl7Order order) {
    Party told = person(order.obr(), 16);
    return told == null && order.orc() != null ? person(order.orc(), 12) : told;
  }

  /** Who gets the answer. */
  static @Nullable Party recipient(Hl7Order order) {
    Hl7Segment orc = order.orc();
    if (orc == null) {
      return null;
    }
    Party facility = organisation(orc, 21);
    return facility == null ? party(orc.get(17, 1), orc.get(17, 2)) : facility;
  }

  /** OBX-23, OBX-15 or MSH-4: who has carried out the analyses. */
  static @Nullable Party laboratory(Hl7Segment msh, List<Hl7Order> orders) {
    Party told =
        orders.stream()
            .flatMap(order -> order.observations().stream())
            .map(observation -> producer(observation.obx()))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return told == null ? party(msh.get(4, 2), msh.get(4, 1)) : told;
  }

  private static @Nullable Party producer(Hl7Segment obx) {
    Party organisation = organisation(obx, 23);
    return organisation == null ? party(obx.get(15, 1), obx.get(15, 2)) : organisation;
  }

  /** OBR-32, type NDL, whose first component is a person in parts. */
  static @Nullable Party interpreter(Hl7Order order) {
    Hl7Segment obr = order.obr();
    return party(obr.get(32, 0, 1, 1), name(obr.get(32, 0, 1, 3), obr.get(32, 0, 1, 2)));
  }

  /** A field of type XCN. */
  static @Nullable Party person(Hl7Segment segment, int field) {
    return party(segment.get(field, 1), name(segment.get(field, 3), segment.get(field, 2)));
  }

  /** A field of type XON. */
  private static @Nullable Party organisation(Hl7Segment segment, int field) {
    String id = segment.get(field, 10);
    return party(id == null ? segment.get(field, 3) : id, segment.get(field, 1));
  }

  private static @Nullable String name(@Nullable String given, @Nullable String family) {
    if (given == null || family == null) {
      return given == null ? family : given;
    }
    return given + " " + family;
  }

  private static @Nullable Party party(@Nullable String id, @Nullable String name) {
    return id == null && name == null ? null : new Party(id, name);
  }
}
