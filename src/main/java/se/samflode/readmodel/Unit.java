package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A unit of care; at least one component is there.
 *
 * @param hsaId its HSA-id or, where the source has none, an id of the source
 * @param location where it is, in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"hsaId", "name", "telephone", "email", "address", "location"})
public record Unit(
    @Nullable String hsaId,
    @Nullable String name,
    @Nullable String telephone,
    @Nullable String email,
    @Nullable String address,
    @Nullable String location) {

  /** An OrgUnit of either form the contracts have; {@code null} if it says nothing. */
  static @Nullable Unit of(XmlNode orgUnit) throws BrokenRule {
    String hsaId = orgUnit.plain("orgUnitHSAId");
    String name = orgUnit.shown("orgUnitName");
    Unit unit =
        new Unit(
            hsaId == null ? orgUnit.identifier("id") : hsaId,
            name == null ? orgUnit.shown("name") : name,
            orgUnit.shown("orgUnitTelecom"),
            orgUnit.shown("orgUnitEmail"),
            orgUnit.shown("orgUnitAddress"),
            orgUnit.shown("orgUnitLocation"));
    return unit.isEmpty() ? null : unit;
  }

  /** A unit known by an id or a name alone; {@code null} if neither is there. */
  static @Nullable Unit of(@Nullable String hsaId, @Nullable String name) {
    return hsaId == null && name == null ? null : new Unit(hsaId, name, null, null, null, null);
  }

  private boolean isEmpty() {
    return Stream.of(hsaId, name, telephone, email, address, location).allMatch(Objects::isNull);
  }
}
