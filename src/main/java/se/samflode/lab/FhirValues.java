package se.samflode.lab;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Ratio;
import org.hl7.fhir.r4.model.SampledData;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SwedishTime;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Range;
import se.samflode.lab.LabReport.Value;

/** Values and codes of FHIR R4. Stateless, thread-safe. */
final class FhirValues {

  /** Of several codes for one thing that of the first system here is kept. */
  private static final List<String> PREFERRED =
      List.of(CodeSystems.NPU, CodeSystems.LOINC, CodeSystems.SNOMED, CodeSystems.INTERPRETATION);

  private static final String FIRST_DAY = "-01-01";
  private static final int YEAR = 4;
  private static final Pattern OFFSET = Pattern.compile(".*(Z|[+-][0-9]{2}:[0-9]{2})");

  private FhirValues() {}

  /**
   * A time; of a day, a month or a year its beginning in Sweden, and without an offset Swedish
   * time.
   */
  static @Nullable Instant time(BaseDateTimeType given) {
    String text = given.getValueAsString();
    if (text == null) {
      return null;
    }
    if (text.length() <= FIRST_DAY.length() + YEAR) {
      return SwedishTime.at(
              LocalDate.parse(text + FIRST_DAY.substring(text.length() - YEAR)).atStartOfDay())
          .toInstant();
    }
    return OFFSET.matcher(text).matches()
        ? OffsetDateTime.parse(text).toInstant()
        : SwedishTime.at(LocalDateTime.parse(text)).toInstant();
  }

  /** A code with the words of its concept, and its other codes; {@code null} for nothing. */
  static @Nullable Coded coded(CodeableConcept concept) {
    return coded(concept, FhirValues::preference);
  }

  /** The same of how a value deviates, for which contracts have codes of one system. */
  static @Nullable Coded interpretation(CodeableConcept concept) {
    return coded(
        concept,
        coded -> CodeSystems.INTERPRETATION.equals(coded.system()) ? -1 : preference(coded));
  }

  private static @Nullable Coded coded(CodeableConcept concept, ToIntFunction<Coded> preference) {
    List<Coded> all =
        concept.getCoding().stream()
            .map(FhirValues::coded)
            .flatMap(Stream::ofNullable)
            .sorted(Comparator.comparingInt(preference))
            .toList();
    String words = FhirReport.text(concept.getText());
    if (all.isEmpty()) {
      return words == null ? null : Coded.words(words);
    }
    Coded best = all.getFirst();
    return new Coded(best.code(), best.system(), words == null ? best.display() : words).with(all);
  }

  private static @Nullable Coded coded(Coding coding) {
    String code = FhirReport.text(coding.getCode());
    String words = FhirReport.text(coding.getDisplay());
    return code == null && words == null
        ? null
        : new Coded(code, code == null ? null : CodeSystems.kept(coding.getSystem()), words);
  }

  /** What has no code comes last. */
  private static int preference(Coded coded) {
    int at = PREFERRED.indexOf(coded.system());
    return coded.code() == null ? PREFERRED.size() + 1 : at < 0 ? PREFERRED.size() : at;
  }

  /**
   * A value of whatever type; what has no form of its own here becomes words. {@code null} where
   * only extensions, or a unit, tell of it.
   */
  static @Nullable Value value(Type given) {
    return switch (given) {
      case Quantity quantity -> quantity.getValue() == null ? null : Value.range(number(quantity));
      case CodeableConcept concept -> {
        Coded coded = coded(concept);
        yield coded == null ? null : Value.coded(coded);
      }
      case org.hl7.fhir.r4.model.Range range ->
          range.getLow().getValue() == null && range.getHigh().getValue() == null
              ? null
              : Value.range(interval(range.getLow(), range.getHigh(), null, null));
      case Ratio ratio ->
          ratio.getNumerator().getValue() == null || ratio.getDenominator().getValue() == null
              ? null
              : Value.text(shown(ratio.getNumerator()) + ":" + shown(ratio.getDenominator()));
      case Period period -> {
        String start = period.getStartElement().getValueAsString();
        String end = period.getEndElement().getValueAsString();
        yield start == null && end == null
            ? null
            : Value.text((Objects.toString(start, "") + " – " + Objects.toString(end, "")).strip());
      }
      case BooleanType truth ->
          truth.getValue() == null ? null : Value.text(truth.getValue() ? "Ja" : "Nej");
      case SampledData data -> words(data.getData());
      case PrimitiveType<?> primitive -> words(primitive.getValueAsString());
      default -> null;
    };
  }

  private static @Nullable Value words(@Nullable String words) {
    return words == null ? null : Value.text(words);
  }

  private static Range number(Quantity quantity) {
    String digits = quantity.getValueElement().getValueAsString();
    String unit = unit(quantity);
    String code = ucum(quantity);
    return switch (quantity.getComparator()) {
      case LESS_THAN -> new Range(null, false, digits, false, unit, code, null, null);
      case LESS_OR_EQUAL -> new Range(null, false, digits, true, unit, code, null, null);
      case GREATER_THAN -> new Range(digits, false, null, false, unit, code, null, null);
      case GREATER_OR_EQUAL -> new Range(digits, true, null, false, unit, code, null, null);
      case NULL -> Range.number(digits, unit, code);
      case null -> Range.number(digits, unit, code);
    };
  }

  /**
   * An interval with both its ends, as FHIR's ranges have them; in words where they have different
   * units.
   */
  static Range interval(
      Quantity low, Quantity high, @Nullable String text, @Nullable String population) {
    List<Quantity> withUnit =
        Stream.of(low, high)
            .filter(end -> end.hasValue() && (end.hasUnit() || end.hasCode()))
            .toList();
    if (withUnit.size() == 2 && !isOneUnit(low, high)) {
      String words = shown(low) + " – " + shown(high);
      return Range.words(text == null ? words : words + ", " + text, population);
    }
    Quantity either = withUnit.isEmpty() ? low : withUnit.getFirst();
    return new Range(
        low.hasValue() ? low.getValueElement().getValueAsString() : null,
        low.hasValue(),
        high.hasValue() ? high.getValueElement().getValueAsString() : null,
        high.hasValue(),
        withUnit.isEmpty() ? null : unit(either),
        ucum(either),
        text,
        population);
  }

  private static boolean isOneUnit(Quantity low, Quantity high) {
    String code = ucum(low);
    String other = ucum(high);
    if (code == null || other == null) {
      return unit(low).equals(unit(high));
    }
    return code.equals(other);
  }

  private static String unit(Quantity quantity) {
    return quantity.hasUnit() ? quantity.getUnit() : quantity.hasCode() ? quantity.getCode() : "";
  }

  private static @Nullable String ucum(Quantity quantity) {
    return CodeSystems.UCUM.equals(CodeSystems.kept(quantity.getSystem()))
        ? quantity.getCode()
        : null;
  }

  private static String shown(Quantity quantity) {
    String unit = unit(quantity);
    String limit = quantity.hasComparator() ? quantity.getComparator().toCode() : "";
    String digits = limit + quantity.getValueElement().getValueAsString();
    return unit.isEmpty() || unit.equals("1") ? digits : digits + " " + unit;
  }
}
