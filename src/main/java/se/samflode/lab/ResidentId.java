package se.samflode.lab;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.IdentityType;
import se.samflode.identity.InvalidIdentity;
import se.samflode.identity.PersonId;
import se.samflode.identity.PersonalIdentityNumber;
import se.samflode.identity.PersonalIdentityNumber.Kind;
import se.samflode.lab.LabFault.Code;

/**
 * Whom a result is about: an identity and the OID of its kind, from however a sender spells the
 * kind. A personnummer or samordningsnummer follows every national rule; reserve numbers, whose
 * check digits are nowhere public as a whole, are taken as they are. What an identity looks like
 * says nothing of its kind. Immutable; prints itself redacted.
 *
 * @param value 12 digits, or 1 to 32 letters and digits of a reserve number
 * @param oid without {@code urn:oid:}
 */
record ResidentId(String value, String oid) {

  private static final Pattern RESERVE =
      Pattern.compile("[0-9A-Za-z][0-9A-Za-z+-]{0," + (PersonId.MAX_LENGTH - 1) + "}");

  private static final String FHIR = "http://electronichealth.se/identifier/";
  private static final String HL7 = "https://terminology.hl7.se/sid/se-";
  private static final String PERSONNUMMER = IdentityType.PERSONNUMMER.oid();
  private static final String SAMORDNINGSNUMMER = IdentityType.SAMORDNINGSNUMMER.oid();
  private static final String NATIONAL_RESERVE = "1.2.752.74.9.1";

  /** Kinds that only have an OID: local ones, and the reserve numbers of regions. */
  private static final List<String> OTHERS =
      List.of(
          IdentityType.LOCAL.oid(),
          "1.2.752.97.3.1.3",
          "1.2.752.113.11.0.2.1.1.1",
          "1.2.752.74.9.2",
          "1.2.752.129.2.1.3.2");

  private static final Map<String, String> BY_SPELLING = bySpelling();

  private static Map<String, String> bySpelling() {
    Map<String, String> kinds =
        Stream.concat(Stream.of(PERSONNUMMER, SAMORDNINGSNUMMER, NATIONAL_RESERVE), OTHERS.stream())
            .collect(Collectors.toMap(oid -> "urn:oid:" + oid, oid -> oid));
    kinds.put(FHIR + "personnummer", PERSONNUMMER);
    kinds.put(FHIR + "samordningsnummer", SAMORDNINGSNUMMER);
    kinds.put(FHIR + "nationelltreservnummer", NATIONAL_RESERVE);
    kinds.put(HL7 + "personnummer", PERSONNUMMER);
    kinds.put(HL7 + "samordningsnummer", SAMORDNINGSNUMMER);
    return Map.copyOf(kinds);
  }

  /** The OID of a kind, from any of its spellings; {@code null} if it is not known. */
  static @Nullable String oid(@Nullable String system) {
    if (system == null) {
      return null;
    }
    String folded = system.strip().toLowerCase(Locale.ROOT);
    return BY_SPELLING.get(folded.matches("[0-2](\\.[0-9]+)+") ? "urn:oid:" + folded : folded);
  }

  /** Whether a kind is personnummer or samordningsnummer. */
  static boolean isNational(@Nullable String oid) {
    return PERSONNUMMER.equals(oid) || SAMORDNINGSNUMMER.equals(oid);
  }

  /**
   * @param oid as {@link #oid} gives it; {@code null} for a kind that is not known
   * @param path where it stands, for the fault
   * @throws LabRejected with an IDENTITY fault whose text does not repeat the value
   */
  static ResidentId of(
      @Nullable String oid, @Nullable String value, String path, InstantSource clock)
      throws LabRejected {
    if (oid == null) {
      throw new LabRejected(
          Code.IDENTITY,
          path,
          "the kind of this identity is not known; give the OID of personnummer,"
              + " samordningsnummer or a reserve number as its system");
    }
    if (value == null) {
      throw new LabRejected(Code.IDENTITY, path, "the identity is missing");
    }
    if (isNational(oid)) {
      return national(oid, value, path, clock);
    }
    if (!RESERVE.matcher(value).matches()) {
      throw new LabRejected(
          Code.IDENTITY, path, "a reserve number has 1 to 32 letters, digits and hyphens");
    }
    return new ResidentId(value, oid);
  }

  /** A number of the kind that it shows: for senders that do not tell the two apart. */
  static ResidentId national(@Nullable String value, String path, InstantSource clock)
      throws LabRejected {
    PersonalIdentityNumber number = parsed(value, path, clock);
    return new ResidentId(
        number.personId().value(),
        number.kind() == Kind.PERSONNUMMER ? PERSONNUMMER : SAMORDNINGSNUMMER);
  }

  private static ResidentId national(String oid, String value, String path, InstantSource clock)
      throws LabRejected {
    PersonalIdentityNumber number = parsed(value, path, clock);
    if ((number.kind() == Kind.PERSONNUMMER) != oid.equals(PERSONNUMMER)) {
      throw new LabRejected(
          Code.IDENTITY, path, "the identity is not of the kind that its system says");
    }
    return new ResidentId(number.personId().value(), oid);
  }

  private static PersonalIdentityNumber parsed(
      @Nullable String value, String path, InstantSource clock) throws LabRejected {
    try {
      return PersonalIdentityNumber.parse(value == null ? "" : value, clock);
    } catch (InvalidIdentity e) {
      throw new LabRejected(
          Code.IDENTITY,
          path,
          "the identity breaks a rule: " + e.reason().name().toLowerCase(Locale.ROOT));
    }
  }

  @Override
  public String toString() {
    return "ResidentId[redacted]";
  }
}
