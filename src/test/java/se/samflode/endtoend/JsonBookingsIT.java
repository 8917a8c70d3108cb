package se.samflode.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static se.samflode.endtoend.HttpCaller.assertProblem;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.samflode.mockregions.BookingFact;
import se.samflode.mockregions.Resident.Kind;
import se.samflode.testing.RunningSystem;
import tools.jackson.databind.JsonNode;

/** What a front end gets for a resident's booked times. */
class JsonBookingsIT {

  private static final ZoneId SWEDEN = ZoneId.of("Europe/Stockholm");

  private final HttpCaller caller = new HttpCaller();

  static Stream<String> residents() {
    return Stream.of(
        Residents.whoShows("in three regions that all answer"),
        Residents.whoShows("in seven regions that all answer"),
        Residents.whoShows("child units"),
        Residents.whoShows("two invitations and a booking"),
        Residents.whoShows("a samordningsnummer with bookings"),
        Residents.with(
            Kind.PERSONNUMMER,
            some ->
                some.size() > 10
                    && some.size() <= 30
                    && Residents.HEALTHY.containsAll(Residents.regions(some))),
        Residents.with(
            Kind.SAMORDNINGSNUMMER,
            some -> some.size() > 3 && Residents.HEALTHY.containsAll(Residents.regions(some))));
  }

  @ParameterizedTest(name = "resident {index}")
  @MethodSource("residents")
  void givesEveryBookingOfEveryRegionInOrderOfTime(String resident) {
    // given
    List<BookingFact> facts = Residents.bookings(resident);

    // when
    JsonNode answer = caller.bookings(resident, "", "Prefer", "wait=10");

    // then
    assertThat(answer.path("complete").asBoolean()).isTrue();
    assertThat(answer.has("next")).isFalse();
    assertThat(items(answer).stream().map(JsonBookingsIT::told))
        .containsExactlyInAnyOrderElementsOf(facts.stream().map(JsonBookingsIT::expected).toList());
    assertThat(items(answer).stream().map(JsonBookingsIT::start)).isSorted();
    assertThat(HttpCaller.sources(answer))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(Residents.addresses(facts));
    answer
        .path("sources")
        .forEach(source -> {
          String address = source.path("logicalAddress").asString();
          List<BookingFact> there =
              facts.stream().filter(fact -> fact.careUnit().equals(address)).toList();
          assertThat(source.path("outcome").asString()).isEqualTo("LIVE");
          assertThat(source.path("producer").asString()).isEqualTo(there.getFirst().producer());
          assertThat(source.path("items").asInt()).isEqualTo(there.size());
          assertThat(source.path("leftOut").asInt()).isZero();
        });
    assertThat(answer.toString()).doesNotContain(resident);
  }

  @Test
  void aBookingKeepsItsId() {
    // given
    String resident = Residents.whoShows("in three regions that all answer");

    // when
    JsonNode first = caller.bookings(resident, "");
    JsonNode second = caller.bookings(resident, "");

    // then
    assertThat(ids(second)).isEqualTo(ids(first)).doesNotHaveDuplicates();
  }

  @Test
  void aResidentWithoutBookingsGetsAnEmptyCompleteAnswer() {
    // given
    String resident = Residents.whoShows("no bookings at all");

    // when
    JsonNode answer = caller.bookings(resident, "");

    // then
    assertThat(answer.path("complete").asBoolean()).isTrue();
    assertThat(answer.path("items")).isEmpty();
    assertThat(answer.path("sources")).isEmpty();
    assertThat(answer.path("coveredFrom")).isEqualTo(answer.path("asOf"));
  }

  @ParameterizedTest
  @CsvSource({"'',100,10", "limit=200,200,5", "limit=150&from=2027-02-01,150,0"})
  void pagesThroughAThousandBookingsWithoutLossOrDuplicates(
      String parameters, int limit, int pages) {
    // given
    String resident = Residents.whoShows("1000 bookings");
    LocalDate from = parameters.contains("from") ? LocalDate.of(2027, 2, 1) : LocalDate.MIN;
    Set<String> expected =
        Residents.bookings(resident).stream()
            .filter(fact -> !fact.start().toLocalDate().isBefore(from))
            .map(BookingFact::bookingId)
            .collect(Collectors.toSet());

    // when
    List<JsonNode> all = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String cursor = "";
    do {
      String query =
          Stream.of(parameters, cursor).filter(p -> !p.isEmpty()).collect(Collectors.joining("&"));
      JsonNode page = caller.bookings(resident, "?" + query, "Prefer", "wait=10");
      assertThat(page.path("complete").asBoolean()).isTrue();
      assertThat(page.path("sources").path(0).path("items").asInt()).isEqualTo(1000);
      all.addAll(items(page));
      sizes.add(page.path("items").size());
      cursor = page.has("next") ? "cursor=" + page.path("next").asString() : "";
    } while (!cursor.isEmpty());

    // then
    assertThat(all.stream().map(item -> item.path("bookingId").asString()))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(all.stream().map(JsonBookingsIT::start)).isSorted();
    assertThat(sizes.subList(0, sizes.size() - 1)).containsOnly(limit);
    if (pages > 0) {
      assertThat(sizes).hasSize(pages);
    }
  }

  @Test
  void fromIsIncludedAndToIsNot() {
    // given
    String resident = Residents.whoShows("in seven regions that all answer");
    List<LocalDateTime> starts =
        Residents.bookings(resident).stream().map(BookingFact::start).distinct().sorted().toList();
    LocalDateTime from = starts.get(3);
    LocalDateTime to = starts.get(8);
    String inSweden = from.atZone(SWEDEN).toOffsetDateTime().toString();
    String inUtc = from.atZone(SWEDEN).toInstant().toString();

    for (String form : List.of(encoded(inSweden), inSweden, encoded(inUtc), from.toString())) {
      // when
      JsonNode answer =
          caller.bookings(
              resident,
              "?from=" + form + "&to=" + encoded(to.atZone(SWEDEN).toOffsetDateTime().toString()));

      // then
      assertThat(items(answer).stream().map(item -> start(item).toLocalDateTime()))
          .as(form)
          .isNotEmpty()
          .containsExactlyInAnyOrderElementsOf(
              Residents.bookings(resident).stream()
                  .map(BookingFact::start)
                  .filter(start -> !start.isBefore(from) && start.isBefore(to))
                  .toList());
      assertThat(answer.path("complete").asBoolean()).isTrue();
      Instant asOf = time(answer, "asOf");
      Instant asked = from.atZone(SWEDEN).toInstant();
      assertThat(time(answer, "coveredFrom")).isEqualTo(asked.isAfter(asOf) ? asked : asOf);
    }
  }

  @Test
  void nothingIsPromisedOfWhatHasBeen() {
    // given
    String resident = Residents.whoShows("in seven regions that all answer");

    // when
    JsonNode answer = caller.bookings(resident, "?from=2020-01-01");

    // then
    assertThat(items(answer)).isNotEmpty();
    assertThat(answer.path("coveredFrom")).isEqualTo(answer.path("asOf"));
  }

  @Test
  void aDateMeansItsFirstMomentInSweden() {
    // given
    String resident = Residents.whoShows("in seven regions that all answer");
    LocalDate day =
        Residents.bookings(resident).stream()
            .map(fact -> fact.start().toLocalDate())
            .sorted()
            .skip(4)
            .findFirst()
            .orElseThrow();

    // when
    JsonNode answer = caller.bookings(resident, "?from=" + day + "&to=" + day.plusDays(1));

    // then
    assertThat(items(answer).stream().map(item -> item.path("bookingId").asString()))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            Residents.bookings(resident).stream()
                .filter(fact -> fact.start().toLocalDate().equals(day))
                .map(BookingFact::bookingId)
                .toList());
  }

  @Test
  void anEmptyRangeHasNoBookings() {
    // given
    String resident = Residents.whoShows("in three regions that all answer");

    // when
    JsonNode answer = caller.bookings(resident, "?from=2027-03-01&to=2027-03-01");

    // then
    assertThat(answer.path("items")).isEmpty();
    assertThat(answer.path("complete").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          from=2027-02-30                         | invalid-parameter | from
          from=bananas1234                        | invalid-parameter | from
          from=                                   | invalid-parameter | from
          from=20270201                           | invalid-parameter | from
          to=2027-02-01T25:00:00Z                 | invalid-parameter | to
          to=2027-02-01T10:00:00%2B19:00          | invalid-parameter | to
          from=%2B999999999-12-31T23:59:59-18:00  | invalid-parameter | from
          from=-999999999-01-01                   | invalid-parameter | from
          from=-999999999-01-01T00:00:00%2B18:00  | invalid-parameter | from
          from=2027-02-01T10:00:00Z%0d%0aX-Evil:1 | invalid-parameter | from
          limit=0                                 | invalid-parameter | limit
          limit=201                               | invalid-parameter | limit
          limit=-1                                | invalid-parameter | limit
          limit=ten                               | invalid-parameter | limit
          limit=1.5                               | invalid-parameter | limit
          limit=99999999999                       | invalid-parameter | limit
          limit=%D9%A1                            | invalid-parameter | limit
          cursor=bananas                          | invalid-cursor    |
          cursor=                                 | invalid-cursor    |
          cursor=MSAxIA                           | invalid-cursor    |
          cursor=%C3%A5                           | invalid-cursor    |
          from=2027-03-02&to=2027-03-01           | invalid-range     |
          resident=bananas                        | unknown-parameter |
          From=2027-03-02                         | unknown-parameter |
          limit=1&limit=2                         | unknown-parameter | limit
          """)
  void aBadParameterIsNamedAndItsValueRepeatedNowhere(
      String query, String problem, @Nullable String parameter) {
    // given
    String resident = Residents.whoShows("in three regions that all answer");

    // when
    HttpResponse<String> answer = caller.send(caller.request(resident, "?" + query).GET());

    // then
    assertProblem(answer, 400, problem, parameter);
    String value = query.substring(query.indexOf('=') + 1);
    if (value.length() > 3) {
      assertThat(answer.body() + answer.headers().map()).doesNotContain(value, "bananas", "X-Evil");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"?from=%zz", "?%"})
  void aQueryThatCannotBeDecodedIsTheCallersFault(String query) {
    // given
    String resident = Residents.whoShows("in three regions that all answer");
    String token = caller.token(resident);

    // when
    String answer =
        RawRequest.send(
            RunningSystem.get().port(),
            "GET "
                + HttpCaller.BOOKINGS
                + query
                + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer "
                + token
                + "\r\nConnection: close\r\n\r\n");

    // then
    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("urn:samflode:problem:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wait=5                   | wait=5
          wait=20                  | wait=20
          wait=21                  | wait=20
          wait=999999              | wait=20
          respond-async, wait=7    | wait=7
          wait="4"                 | wait=4
          WAIT = 6; foo=bar        | wait=6
          respond-async            |
          """)
  void thePreferenceToWaitIsAppliedUpToTwentySeconds(String prefer, @Nullable String applied) {
    // given
    String resident = Residents.whoShows("no bookings at all");

    // when
    HttpResponse<String> answer =
        caller.send(caller.request(resident, "").header("Prefer", prefer).GET());

    // then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Preference-Applied").orElse(null)).isEqualTo(applied);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait", "wait=", "wait=soon", "wait=-1", "wait=1.5", "wait=9999999"})
  void aPreferenceToWaitThatCannotBeReadIsRefused(String prefer) {
    // given
    String resident = Residents.whoShows("no bookings at all");

    // when
    HttpResponse<String> answer =
        caller.send(caller.request(resident, "").header("Prefer", prefer).GET());

    // then
    assertProblem(answer, 400, "invalid-parameter", "Prefer");
  }

  @Test
  void waitingForNothingNamesEverySourceAsMissing() {
    // given
    String resident = Residents.whoShows("in three regions that all answer");

    // when
    JsonNode answer = caller.bookings(resident, "", "Prefer", "wait=0");

    // then
    assertThat(answer.path("complete").asBoolean()).isFalse();
    assertThat(HttpCaller.sources(answer))
        .containsExactlyInAnyOrderElementsOf(Residents.addresses(Residents.bookings(resident)));
    assertThat(answer.path("sources").valueStream().map(s -> s.path("reason").asString()))
        .containsOnly("timeout");
  }

  @Test
  void aCallersUuidIsTheAnswersCorrelationIdAndAnythingElseIsNot() {
    // given
    String resident = Residents.whoShows("no bookings at all");
    String own = UUID.randomUUID().toString().replaceAll("[0-9]", "a");

    // when
    HttpResponse<String> withUuid =
        caller.send(caller.request(resident, "").header("X-Correlation-Id", own).GET());
    HttpResponse<String> withText =
        caller.send(caller.request(resident, "").header("X-Correlation-Id", resident).GET());

    // then
    assertThat(withUuid.headers().allValues("X-Correlation-Id")).containsExactly(own);
    assertThat(UUID.fromString(withText.headers().firstValue("X-Correlation-Id").orElseThrow()))
        .isNotNull();
    assertThat(withText.headers().map().toString()).doesNotContain(resident);
    for (HttpResponse<String> answer : List.of(withUuid, withText)) {
      assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(answer.headers().map()).doesNotContainKeys("set-cookie", "server");
    }
  }

  @Test
  void aProblemHasACorrelationIdToo() {
    // given
    String resident = Residents.whoShows("no bookings at all");
    String own = UUID.randomUUID().toString().replaceAll("[0-9]", "a");

    // when
    HttpResponse<String> refused =
        caller.send(caller.request(resident, "?limit=0").header("X-Correlation-Id", own).GET());
    HttpResponse<String> withoutToken =
        caller.send(
            caller.request(resident, "").setHeader("Authorization", "Bearer bananas").GET());

    // then
    assertThat(refused.headers().allValues("X-Correlation-Id")).containsExactly(own);
    assertThat(withoutToken.headers().allValues("X-Correlation-Id")).hasSize(1);
    assertProblem(withoutToken, 401, "unauthorized", null);
  }

  @Test
  void onlyGetAndHeadAreServed() {
    // given
    String resident = Residents.whoShows("in three regions that all answer");

    // when
    HttpResponse<String> head = caller.send(caller.request(resident, "").HEAD());
    HttpResponse<String> post =
        caller.send(caller.request(resident, "").POST(BodyPublishers.ofString("{}")));
    HttpResponse<String> delete = caller.send(caller.request(resident, "").DELETE());

    // then
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    for (HttpResponse<String> answer : List.of(post, delete)) {
      assertProblem(answer, 405, "method-not-allowed", null);
      assertThat(answer.headers().firstValue("Allow").orElseThrow()).contains("GET");
    }
  }

  @Test
  void anotherMediaTypeIsNotAcceptable() {
    // given
    String resident = Residents.whoShows("no bookings at all");

    // when
    HttpResponse<String> answer =
        caller.send(caller.request(resident, "").header("Accept", "application/xml").GET());

    // then
    assertProblem(answer, 406, "not-acceptable", null);
  }

  @Test
  void theRegionThatIsDownIsAnHonestGap() {
    // given
    String resident = Residents.whoShows("an honest gap");

    // when
    JsonNode answer = caller.bookings(resident, "");

    // then
    assertThat(answer.path("complete").asBoolean()).isFalse();
    Set<String> failed = new HashSet<>();
    for (JsonNode source : answer.path("sources")) {
      if (source.path("outcome").asString().equals("FAILED")) {
        failed.add(source.path("producer").asString() + " " + source.path("reason").asString());
      }
    }
    assertThat(failed).containsExactly("gotland-tidbok refused");
    assertThat(items(answer))
        .hasSize(
            (int)
                Residents.bookings(resident).stream()
                    .filter(fact -> !fact.region().equals("gotland"))
                    .count());
  }

  @Test
  void xmlThatBreaksOffFailsItsSourceOnly() {
    // given
    String resident = Residents.whoShows("XML that breaks off");

    // when
    JsonNode answer = caller.bookings(resident, "");

    // then
    assertThat(answer.path("complete").asBoolean()).isFalse();
    for (JsonNode source : answer.path("sources")) {
      boolean kalmar = source.path("producer").asString().equals("kalmar-tidbok");
      assertThat(source.path("reason").asString("")).isEqualTo(kalmar ? "malformed" : "");
    }
    assertThat(answer.path("items")).isNotEmpty();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static List<JsonNode> items(JsonNode answer) {
    return answer.path("items").valueStream().toList();
  }

  private static List<String> ids(JsonNode answer) {
    return items(answer).stream().map(item -> item.path("id").asString()).toList();
  }

  private static Instant time(JsonNode answer, String property) {
    return OffsetDateTime.parse(answer.path(property).asString()).toInstant();
  }

  private static OffsetDateTime start(JsonNode item) {
    return OffsetDateTime.parse(item.path("start").asString());
  }

  /** Everything an item says but its id, in one line. */
  private static String told(JsonNode item) {
    return Stream.of(
            "start",
            "end",
            "clinic.hsaId",
            "clinic.name",
            "bookingId",
            "performer.hsaId",
            "performer.name",
            "resource.id",
            "resource.name",
            "timeType.id",
            "timeType.name",
            "careType.id",
            "careType.name",
            "purpose",
            "reason",
            "cancellable",
            "rebookable",
            "messageable",
            "invitation",
            "source")
        .map(field -> item.at("/" + field.replace('.', '/')))
        .map(value -> value.isMissingNode() ? "-" : words(value.asString()))
        .collect(Collectors.joining(" | "));
  }

  private static String expected(BookingFact fact) {
    return Stream.of(
            time(fact.start()),
            time(fact.end()),
            fact.careUnit(),
            fact.careUnitName(),
            fact.bookingId(),
            fact.performer(),
            fact.performerName(),
            "R-" + fact.way(),
            fact.way().resourceName(),
            fact.way().name(),
            fact.way().timeTypeName(),
            fact.careTypeId(),
            fact.careTypeName(),
            fact.purpose(),
            fact.reason(),
            String.valueOf(fact.cancelAllowed()),
            String.valueOf(fact.rebookingAllowed()),
            String.valueOf(fact.messageAllowed()),
            String.valueOf(fact.invitation()),
            fact.careUnit())
        .map(value -> value == null ? "-" : plain(value))
        .collect(Collectors.joining(" | "));
  }

  private static String time(LocalDateTime local) {
    return local.atZone(SWEDEN).format(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME);
  }

  /** DocBook without its marks; a plain text as it is. */
  private static String plain(String text) {
    if (!text.startsWith("<article")) {
      return words(text);
    }
    return words(text.replaceAll("<[^>]*>", " ").replace("&lt;", "<").replace("&amp;", "&"));
  }

  private static String words(String text) {
    return text.replace("\n- ", " ").replaceAll("\\s+", " ").strip();
  }
}
