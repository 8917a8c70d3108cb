package se.samflode.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpStatus;
import se.samflode.access.Callers;
import se.samflode.readmodel.Kind;
import se.samflode.testing.OpenApiContract;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiContractTest {

  private static final String ANSWER =
      """
      { "asOf": "2026-11-21T19:07:05+01:00", "complete": false,
        "coveredFrom": "2026-11-21T19:07:05+01:00",
        "items": [ { "id": "b1", "start": "2026-12-01T08:00:00+01:00",
                     "clinic": { "hsaId": "SE2321000016-A001" }, "cancellable": null,
                     "invitation": false, "source": "SE2321000016-A001" } ],
        "sources": [ { "logicalAddress": "SE2321000016-A001", "producer": "stockholm-tidbok",
                       "name": "Region Stockholm, tidbok", "outcome": "CACHED",
                       "asOf": "2026-11-21T18:58:40+01:00", "items": 1, "leftOut": 0 },
                     { "logicalAddress": "SE2321000255-B002", "producer": "skane-tidbok",
                       "name": "Region Skåne, tidbok", "outcome": "FAILED", "reason": "timeout",
                       "lastSuccess": "2026-11-20T09:11:02+01:00", "items": 0 } ] }
      """;

  private static final Map<String, String> VALUES =
      Map.of("from", "2026-11-21", "to", "2026-11-21", "limit", "1", "cursor", "MSAtIGE");

  private final OpenApiContract contract = OpenApiContract.load();

  @Test
  void listsEveryProblemAndNoOther() {
    // when, then
    assertThat(contract.valuesOf("ProblemType"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Problem.values()).map(Problem::type).toList());
  }

  @ParameterizedTest
  @EnumSource
  void describesEveryProblem(Problem problem) {
    // given
    String described =
        contract.document().at("/components/schemas/ProblemType/description").asString();
    JsonNode responses = get(Kind.BOOKINGS).path("responses");

    // when, then
    contract.assertValid("Problem", JsonMapper.shared().writeValueAsString(problem.body("from")));
    contract.assertValid("Problem", JsonMapper.shared().writeValueAsString(problem.body(null)));
    assertThat(described).contains("`" + problem.id() + "` (" + problem.status().value() + ")");
    assertThat(responses.has(Integer.toString(problem.status().value()))).isTrue();
  }

  @Test
  void describesEveryKindAndNothingElse() {
    // when, then
    assertThat(contract.document().path("paths").propertyNames())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Kind.values()).map(kind -> "/api/v1/" + kind.path()).toList());
  }

  @ParameterizedTest
  @EnumSource
  void describesAKindAsEveryOther(Kind kind) {
    // given
    JsonNode get = get(kind);
    JsonNode bookings = get(Kind.BOOKINGS);

    // when, then
    assertThat(get.at("/security/0/bearer/0").asString()).isEqualTo(Callers.reads(kind.path()));
    assertThat(get.path("parameters")).isEqualTo(bookings.path("parameters"));
    assertThat(get.path("responses").propertyNames())
        .isEqualTo(bookings.path("responses").propertyNames());
    assertThat(get.at("/responses/200/headers")).isEqualTo(bookings.at("/responses/200/headers"));
    assertThat(get.path("description").asString().startsWith("Newest first"))
        .isEqualTo(kind.newestFirst());
    assertThat(get.at("/responses/403/$ref").asString().endsWith("/RecordForbidden"))
        .isEqualTo(kind.clinical());
  }

  @Test
  void describesEveryParameterThatIsTaken() {
    // given
    Set<String> parameters =
        Set.copyOf(contract.document().at("/components/parameters").propertyNames());

    // when, then
    for (String name : parameters) {
      JsonNode parameter = contract.document().at("/components/parameters/" + name);
      assertThat(parameter.path("name").asString()).isEqualTo(name);
      if (parameter.path("in").asString().equals("query")) {
        assertThatCode(
                () -> ReadModelQuery.of(Map.of(name, new String[] {VALUES.getOrDefault(name, "")})))
            .as(name)
            .doesNotThrowAnyException();
      }
    }
    assertThat(parameters).containsAll(VALUES.keySet());
    assertThat(get(Kind.BOOKINGS).path("parameters").findValuesAsString("$ref"))
        .containsExactlyInAnyOrderElementsOf(
            parameters.stream().map(name -> "#/components/parameters/" + name).toList());
  }

  @Test
  void mapsEveryStatusToAProblemOfItsClass() {
    for (HttpStatus status : HttpStatus.values()) {
      if (status.isError()) {
        // when, then
        assertThat(Problem.of(status.value()).status().is4xxClientError())
            .isEqualTo(status.is4xxClientError());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"Outcome", "Reason"})
  void explainsEveryValue(String schema) {
    // given
    String described =
        contract.document().at("/components/schemas/" + schema + "/description").asString();

    // when, then
    assertThat(contract.valuesOf(schema))
        .isNotEmpty()
        .allSatisfy(value -> assertThat(described).contains("`" + value + "`: "));
  }

  @Test
  void takesAnHonestAnswer() {
    contract.assertValid("Bookings", ANSWER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"complete\": false,|",
        "\"complete\": false|\"complete\": \"no\"",
        "\"id\": \"b1\",|",
        "\"id\": \"b1\"|\"id\": \"b1\", \"surprise\": 1",
        "\"leftOut\": 0|\"leftOut\": -1",
        "\"outcome\": \"CACHED\"|\"outcome\": \"FINE\"",
        "\"reason\": \"timeout\",|",
        "\"reason\": \"timeout\"|\"reason\": \"bad luck\"",
        "\"outcome\": \"FAILED\"|\"outcome\": \"STALE\"",
        "\"outcome\": \"FAILED\"|\"outcome\": \"LIVE\"",
        "2026-12-01T08:00:00+01:00|2026-12-01T08:00:00",
      })
  void refusesAnAnswerThatBreaksTheDescription(String from, String to) {
    // given
    String broken = ANSWER.replace(from, to == null ? "" : to);
    assertThat(broken).isNotEqualTo(ANSWER);

    // when, then
    assertThat(contract.errors("Bookings", broken)).isNotEmpty();
  }

  @Test
  void resolvesEveryReference() {
    // given
    List<String> references =
        contract.document().findValuesAsString("$ref").stream().distinct().toList();

    // when
    Map<String, Boolean> resolved = new HashMap<>();
    references.forEach(reference ->
        resolved.put(reference, !contract.document().at(reference.substring(1)).isMissingNode()));

    // then
    assertThat(resolved).isNotEmpty().doesNotContainValue(false);
  }

  private JsonNode get(Kind kind) {
    return contract.document().at("/paths/~1api~1v1~1" + kind.path() + "/get");
  }
}
