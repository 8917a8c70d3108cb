package se.samflode.lab;

import ca.uhn.fhir.parser.IParserErrorHandler;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ScalarType;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.LabFault.Code;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Collects what the parser finds wrong, without its values. For one thread. */
final class FhirFaults implements IParserErrorHandler {

  /** What is a name of FHIR's can be repeated; whatever else stands there cannot. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z]{0,63}");

  private static final int MAX = 20;

  private final List<Found> all = new ArrayList<>();

  /** A fault, with the name or the value by which its place can be found. */
  private record Found(Code code, @Nullable String name, @Nullable String value, String text) {}

  /**
   * Throws what has been found.
   *
   * @param json the message where it is JSON: the parser does not tell places, so they are looked
   *     for; {@code null} where it is XML
   */
  void throwIfAny(@Nullable String json) throws LabRejected {
    if (all.isEmpty()) {
      return;
    }
    JsonNode tree = json == null ? null : tree(json);
    throw new LabRejected(
        all.stream()
            .map(found -> new LabFault(found.code(), path(found, tree), found.text()))
            .toList());
  }

  private static @Nullable JsonNode tree(String json) {
    try {
      return JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      return null;
    }
  }

  private static String path(Found found, @Nullable JsonNode tree) {
    String name = found.name();
    if (tree != null) {
      List<String> places = new ArrayList<>();
      if (name != null) {
        find(tree, "Bundle", (field, value) -> field.equals(name), places);
      } else if (found.value() != null) {
        find(
            tree,
            "Bundle",
            (field, value) -> value.isValueNode() && value.asString("").equals(found.value()),
            places);
      }
      if (places.size() == 1) {
        return places.getFirst();
      }
    }
    return name == null ? "" : named(name);
  }

  private static void find(
      JsonNode at, String path, BiPredicate<String, JsonNode> wanted, List<String> places) {
    if (at.isArray()) {
      for (int i = 0; i < at.size(); i++) {
        find(at.get(i), path + "[" + i + "]", wanted, places);
      }
    }
    for (Map.Entry<String, JsonNode> field : at.properties()) {
      String below = path + "." + named(field.getKey());
      if (wanted.test(field.getKey(), field.getValue())) {
        places.add(below);
      } else if (places.size() < 2) {
        find(field.getValue(), below, wanted, places);
      }
    }
  }

  private void add(Code code, @Nullable String name, @Nullable String value, String text) {
    if (all.size() < MAX) {
      all.add(new Found(code, name, value, text));
    }
  }

  private static String named(String name) {
    return NAME.matcher(name).matches() ? name : "?";
  }

  @Override
  public void containedResourceWithNoId(@Nullable IParseLocation at) {
    add(Code.INVALID, "contained", null, "a contained resource needs an id");
  }

  @Override
  public void extensionContainsValueAndNestedExtensions(@Nullable IParseLocation at) {
    add(Code.INVALID, "extension", null, "an extension has a value or extensions, not both");
  }

  @Override
  public void incorrectJsonType(
      @Nullable IParseLocation at,
      @Nullable String element,
      ValueType expected,
      @Nullable ScalarType expectedScalar,
      ValueType found,
      @Nullable ScalarType foundScalar) {
    add(Code.INVALID, element, null, "this has the wrong JSON type");
  }

  @Override
  public void invalidValue(@Nullable IParseLocation at, @Nullable String value, String error) {
    add(Code.INVALID, null, value, "a value does not have the form that FHIR gives it");
  }

  @Override
  public void invalidInternalReference(@Nullable IParseLocation at, @Nullable String reference) {
    add(Code.INVALID, null, reference, "a reference to a contained resource leads nowhere");
  }

  @Override
  public void missingRequiredElement(@Nullable IParseLocation at, @Nullable String element) {
    add(Code.MISSING, element, null, "this must be there");
  }

  @Override
  public void unexpectedRepeatingElement(@Nullable IParseLocation at, @Nullable String element) {
    add(Code.INVALID, element, null, "this stands more than once");
  }

  @Override
  public void unknownAttribute(@Nullable IParseLocation at, @Nullable String attribute) {
    add(Code.INVALID, attribute, null, "FHIR R4 has no such attribute here");
  }

  @Override
  public void unknownElement(@Nullable IParseLocation at, @Nullable String element) {
    add(Code.INVALID, element, null, "FHIR R4 has no such element here");
  }

  @Override
  public void unknownReference(@Nullable IParseLocation at, @Nullable String reference) {
    add(Code.INVALID, null, reference, "a reference to a contained resource leads nowhere");
  }
}
