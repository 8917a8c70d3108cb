package se.samflode.lab;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one table of code systems: how each is spelled in FHIR, as an OID and in HL7 v2, and the one
 * spelling in which it is kept. What is not in it is kept as it came. Stateless, thread-safe.
 */
public final class CodeSystems {

  /** Analyses, Nordic and international: NPU. */
  public static final String NPU = "http://npu-terminology.org";

  /** Analyses: LOINC. */
  public static final String LOINC = "http://loinc.org";

  /** Units: UCUM. */
  public static final String UCUM = "http://unitsofmeasure.org";

  /** SNOMED CT. */
  public static final String SNOMED = "http://snomed.info/sct";

  /** How a value deviates. */
  public static final String INTERPRETATION =
      "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

  /** HSA-ids. */
  public static final String HSA = "urn:oid:1.2.752.129.2.1.4.1";

  private static final Pattern OID = Pattern.compile("[0-2](\\.[0-9]+)+");

  private record Row(String kept, String oid, List<String> spellings) {}

  private static final List<Row> TABLE =
      List.of(
          new Row(
              NPU,
              "1.2.752.108.1",
              List.of("urn:oid:1.2.752.108.1.1.1", "NPU", "SWNPU", "SE-NPU", "IUPAC-NPU")),
          new Row(LOINC, "2.16.840.1.113883.6.1", List.of("LN", "LOINC", "https://loinc.org")),
          new Row(UCUM, "2.16.840.1.113883.6.8", List.of("UCUM", "https://unitsofmeasure.org")),
          new Row(SNOMED, "2.16.840.1.113883.6.96", List.of("SCT", "SNM3", "SNOMED-CT")),
          new Row(
              INTERPRETATION,
              "2.16.840.1.113883.5.83",
              List.of(
                  "http://hl7.org/fhir/v3/ObservationInterpretation",
                  "http://hl7.org/fhir/v2/0078",
                  "http://terminology.hl7.org/CodeSystem/v2-0078",
                  "HL70078")),
          new Row(HSA, "1.2.752.129.2.1.4.1", List.of("urn:oid:1.2.752.29.4.19", "HSA")));

  private static final Map<String, Row> BY_SPELLING = bySpelling();

  private CodeSystems() {}

  private static Map<String, Row> bySpelling() {
    Map<String, Row> rows = new HashMap<>();
    for (Row row : TABLE) {
      rows.put(folded(row.kept()), row);
      rows.put(folded("urn:oid:" + row.oid()), row);
      row.spellings().forEach(spelling -> rows.put(folded(spelling), row));
    }
    return Map.copyOf(rows);
  }

  private static String folded(String spelling) {
    String bare = spelling.endsWith("/") ? spelling.substring(0, spelling.length() - 1) : spelling;
    return (OID.matcher(bare).matches() ? "urn:oid:" + bare : bare).toUpperCase(Locale.ROOT);
  }

  /** The spelling in which a code system is kept; an OID becomes a URI. */
  public static @Nullable String kept(@Nullable String spelling) {
    if (spelling == null || spelling.isBlank()) {
      return null;
    }
    Row row = BY_SPELLING.get(folded(spelling.strip()));
    if (row != null) {
      return row.kept();
    }
    return OID.matcher(spelling).matches() ? "urn:oid:" + spelling : spelling;
  }

  /** As the RIV-TA contracts write a kept code system: an OID where it has one. */
  static @Nullable String inContracts(@Nullable String kept) {
    if (kept == null) {
      return null;
    }
    Row row = BY_SPELLING.get(folded(kept));
    if (row != null) {
      return row.oid();
    }
    return kept.startsWith("urn:oid:") ? kept.substring("urn:oid:".length()) : kept;
  }
}
