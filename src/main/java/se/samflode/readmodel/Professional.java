package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Somebody of the care's staff in what they did with a record; at least one component is there.
 * Does not print.
 *
 * @param hsaId the person's HSA-id or, where the source has none, an id of the source
 * @param role the position
 * @param unit where the person works
 * @param careUnit the HSA-id of the care unit that owns the record
 * @param careGiver the HSA-id of the care giver that owns the record
 * @param time when the person wrote, signed or ordered
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"hsaId", "name", "role", "unit", "careUnit", "careGiver", "time"})
public record Professional(
    @Nullable String hsaId,
    @Nullable String name,
    @Nullable Code role,
    @Nullable Unit unit,
    @Nullable String careUnit,
    @Nullable String careGiver,
    @Nullable DayOrTime time) {

  /** Of the type HealthcareProfessional; {@code null} if it says nothing. */
  static @Nullable Professional of(XmlNode node) throws BrokenRule {
    return orNull(
        new Professional(
            node.plain("healthcareProfessionalHSAId"),
            node.shown("healthcareProfessionalName"),
            node.code("healthcareProfessionalRoleCode"),
            Unit.of(node.child("healthcareProfessionalOrgUnit")),
            node.plain("healthcareProfessionalCareUnitHSAId"),
            node.plain("healthcareProfessionalCareGiverHSAId"),
            node.time("authorTime")));
  }

  /** Of the type LegalAuthenticator; {@code null} if it says nothing. */
  static @Nullable Professional authenticator(XmlNode node) throws BrokenRule {
    return signing(
        node.plain("legalAuthenticatorHSAId"),
        node.shown("legalAuthenticatorName"),
        node.code("legalAuthenticatorRoleCode"),
        node.time("signatureTime"));
  }

  /** Of the extension's element attested; {@code null} if it says nothing. */
  static @Nullable Professional attester(XmlNode node) throws BrokenRule {
    return signing(
        node.plain("attesterHSAId"), node.shown("attesterName"), null, node.time("attestedTime"));
  }

  /**
   * Of the types Author, Signature and Actor of newer contracts; {@code null} if it says nothing.
   */
  static @Nullable Professional actor(XmlNode node) throws BrokenRule {
    return owned(node, null, null);
  }

  /**
   * The author of a newer contract, with those who own the record.
   *
   * @return {@code null} if nothing is said
   */
  static @Nullable Professional owned(
      XmlNode node, @Nullable String careUnit, @Nullable String careGiver) throws BrokenRule {
    return orNull(
        new Professional(
            node.identifier("id"),
            node.shown("name"),
            node.code("byRole"),
            Unit.of(node.child("orgUnit")),
            careUnit,
            careGiver,
            node.time("timestamp")));
  }

  private static @Nullable Professional signing(
      @Nullable String hsaId,
      @Nullable String name,
      @Nullable Code role,
      @Nullable DayOrTime time) {
    return orNull(new Professional(hsaId, name, role, null, null, null, time));
  }

  private static @Nullable Professional orNull(Professional said) {
    boolean nothing =
        Stream.of(
                said.hsaId,
                said.name,
                said.role,
                said.unit,
                said.careUnit,
                said.careGiver,
                said.time)
            .allMatch(Objects::isNull);
    return nothing ? null : said;
  }

  @Override
  public String toString() {
    return "Professional[redacted]";
  }
}
