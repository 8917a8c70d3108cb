package se.samflode.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import se.samflode.readmodel.Booking;
import se.samflode.readmodel.CareContact;
import se.samflode.readmodel.CareDocumentation;
import se.samflode.readmodel.CarePlan;
import se.samflode.readmodel.DayOrTime;
import se.samflode.readmodel.Diagnosis;
import se.samflode.readmodel.Kind;
import se.samflode.readmodel.LabResult;
import se.samflode.readmodel.ReadModelItem;
import se.samflode.readmodel.ReferralOutcome;
import se.samflode.readmodel.RequestStatus;
import se.samflode.testing.OpenApiContract;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The records that are served and their schemas say the same, whatever part of an item it is. */
class ItemSchemasTest {

  private static final String SCHEMAS = "#/components/schemas/";

  private final OpenApiContract contract = OpenApiContract.load();

  private static Class<? extends ReadModelItem> itemOf(Kind kind) {
    return switch (kind) {
      case BOOKINGS -> Booking.class;
      case LAB_RESULTS -> LabResult.class;
      case REFERRAL_OUTCOMES -> ReferralOutcome.class;
      case DIAGNOSES -> Diagnosis.class;
      case CARE_DOCUMENTATION -> CareDocumentation.class;
      case CARE_CONTACTS -> CareContact.class;
      case CARE_PLANS -> CarePlan.class;
      case REQUEST_STATUS -> RequestStatus.class;
    };
  }

  /** The items of all kinds and all they are made of that has a schema of its own. */
  static Set<Class<?>> parts() {
    Set<Class<?>> parts = new LinkedHashSet<>();
    Stream.of(Kind.values()).forEach(kind -> collect(itemOf(kind), parts));
    return parts;
  }

  private static void collect(Class<?> type, Set<Class<?>> parts) {
    if (hasSchema(type) && parts.add(type) && type.isRecord() && type != DayOrTime.class) {
      for (RecordComponent component : type.getRecordComponents()) {
        collect(single(component.getAnnotatedType()), parts);
      }
    }
  }

  private static boolean hasSchema(Class<?> type) {
    return type.isRecord() || type.isEnum();
  }

  /** A component's type or, of a list, that of what it holds. */
  private static Class<?> single(AnnotatedType type) {
    return type instanceof AnnotatedParameterizedType list
        ? (Class<?>) list.getAnnotatedActualTypeArguments()[0].getType()
        : (Class<?>) type.getType();
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerHoldsItemsOfItsKind(Kind kind) {
    // given
    JsonNode answer = resolve(SCHEMAS + contract.answerOf("/api/v1/" + kind.path()));

    // when
    String item = answer.at("/properties/items/items/$ref").asString();

    // then
    assertThat(item).isEqualTo(SCHEMAS + itemOf(kind).getSimpleName());
    assertThat(answer.path("$ref").asString()).isEqualTo(SCHEMAS + "Answer");
    assertThat(answer.path("unevaluatedProperties").asBoolean(true)).isFalse();
    assertThat(texts(answer.path("required")))
        .isEqualTo(kind == Kind.BOOKINGS ? List.of("coveredFrom") : List.of());
    assertThat(answer.path("properties").has("coveredFrom")).isEqualTo(kind == Kind.BOOKINGS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("parts")
  void aSchemaSaysWhatIsServed(Class<?> type) {
    // given
    JsonNode schema = resolve(SCHEMAS + type.getSimpleName());

    // when, then
    if (type == DayOrTime.class) {
      contract.assertValid("DayOrTime", "\"2026-11-21\"");
      contract.assertValid("DayOrTime", "\"2026-11-21T19:07:05+01:00\"");
      assertThat(contract.errors("DayOrTime", "\"2026-11-21T19:07:05\"")).isNotEmpty();
    } else if (type.isEnum()) {
      assertThat(texts(schema.path("enum"))).containsExactlyElementsOf(words(type));
      assertThat(words(type))
          .allSatisfy(word ->
              assertThat(schema.path("description").asString()).contains("`" + word + "`: "));
    } else {
      assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
      assertThat(List.copyOf(schema.path("properties").propertyNames()))
          .containsExactlyElementsOf(names(type));
      assertThat(texts(schema.path("required")))
          .containsExactlyElementsOf(
              Arrays.stream(type.getRecordComponents())
                  .filter(component -> !isNullable(component.getAnnotatedType()))
                  .map(RecordComponent::getName)
                  .toList());
      for (RecordComponent component : type.getRecordComponents()) {
        assertThatItSays(
            schema.path("properties").path(component.getName()), component.getAnnotatedType());
      }
    }
  }

  @Test
  void describesNothingThatIsNotServed() {
    // given
    Set<String> described = Set.copyOf(contract.document().findValuesAsString("$ref"));

    // then
    assertThat(contract.document().at("/components/schemas").propertyNames())
        .allSatisfy(name -> assertThat(described).contains(SCHEMAS + name));
  }

  private static void assertThatItSays(JsonNode property, AnnotatedType type) {
    if (type instanceof AnnotatedParameterizedType list) {
      assertThat(property.path("type").asString()).isEqualTo("array");
      assertThatItSays(property.path("items"), list.getAnnotatedActualTypeArguments()[0]);
      return;
    }
    Class<?> plain = single(type);
    if (hasSchema(plain)) {
      assertThat(property.path("$ref").asString()).isEqualTo(SCHEMAS + plain.getSimpleName());
    } else if (plain == OffsetDateTime.class) {
      assertThat(property.path("type").asString()).isEqualTo("string");
      assertThat(property.path("format").asString()).isEqualTo("date-time");
    } else if (plain == boolean.class || plain == Boolean.class) {
      assertThat(property.path("type").toString()).contains("boolean");
    } else {
      assertThat(plain).isEqualTo(String.class);
      assertThat(property.path("type").asString()).isEqualTo("string");
    }
  }

  private JsonNode resolve(String reference) {
    assertThat(reference).startsWith(SCHEMAS);
    JsonNode schema = contract.document().at(reference.substring(1));
    assertThat(schema.isMissingNode()).as(reference).isFalse();
    return schema;
  }

  private static boolean isNullable(AnnotatedElement type) {
    return type.isAnnotationPresent(Nullable.class);
  }

  private static List<String> names(Class<?> record) {
    return Arrays.stream(record.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  /** As they are written in JSON, by their {@link JsonValue}. */
  private static Collection<String> words(Class<?> type) {
    return Stream.of(type.getEnumConstants())
        .map(JsonMapper.shared()::valueToTree)
        .map(JsonNode.class::cast)
        .map(JsonNode::asString)
        .toList();
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
