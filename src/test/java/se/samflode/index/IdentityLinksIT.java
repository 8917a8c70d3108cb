package se.samflode.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static se.samflode.index.Engagements.BOOKING;
import static se.samflode.index.Engagements.DOMAIN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.samflode.contract.CalledAddress;
import se.samflode.identity.PersonId;
import se.samflode.index.IdentityLinks.Mandate;

class IdentityLinksIT {

  private static final Mandate MANDATE = new Mandate("register office", "changed numbers");

  @TempDir private Path folder;

  private IndexFixture fixture;
  private IdentityLinks links;

  @BeforeEach
  void createIndex() {
    fixture = new IndexFixture();
    links = new IdentityLinks(fixture.pool);
    for (String identity : List.of("reserve-a0", "reserve-a", "reserve-b", "reserve-c")) {
      fixture.writer.update(
          List.of(BOOKING.resident(identity).logicalAddress("SE2321000016-" + identity).add()));
    }
  }

  @AfterEach
  void closePool() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reserve-a", "reserve-b"})
  void findsByEitherIdentityAndAsksEachSourceWithItsOwn(String asked) throws IOException {
    // given
    links.link(file("reserve-a,reserve-b"), MANDATE);

    // when
    List<Engagement> found = find(asked);
    List<IndexHit> hits =
        fixture.index.whatToAsk(
            new PersonId(asked), DOMAIN, Set.of(), CalledAddress.LOGICAL_ADDRESS);

    // then
    assertThat(found)
        .extracting(e -> e.logicalAddress().substring(13) + " " + e.resident())
        .containsExactlyInAnyOrder("reserve-a reserve-a", "reserve-b reserve-b");
    assertThat(hits)
        .extracting(hit -> hit.address().value().substring(13) + " " + hit.person().value())
        .containsExactlyInAnyOrder("reserve-a reserve-a", "reserve-b reserve-b");
    assertThat(hits).extracting(IndexHit::version).hasSize(2).doesNotContain(1L);
  }

  @Test
  void changesTheVersionsOfBothIdentitiesWhereOneAddressKnowsBoth() throws IOException {
    // given
    fixture.writer.update(
        List.of(BOOKING.resident("reserve-a").add(), BOOKING.resident("reserve-b").add()));
    fixture.writer.update(List.of(BOOKING.resident("reserve-b").add()));

    // when
    Map<String, Long> apart = versions();
    links.link(file("reserve-a,reserve-b"), MANDATE);
    Map<String, Long> linked = versions();
    fixture.writer.update(List.of(BOOKING.resident("reserve-b").add()));
    Map<String, Long> changed = versions();
    links.unlink(file("reserve-a,reserve-b"), MANDATE);
    Map<String, Long> unlinked = versions();
    links.link(file("reserve-a,reserve-c"), MANDATE);
    Map<String, Long> otherwise = versions();

    // then
    assertThat(apart).isEqualTo(Map.of("reserve-a", 1L)).isEqualTo(unlinked);
    assertThat(linked).containsOnlyKeys("reserve-a", "reserve-b");
    assertThat(Set.copyOf(linked.values())).hasSize(1).doesNotContain(1L, 2L, 3L);
    linked.replaceAll((resident, version) -> version + 1);
    assertThat(changed).isEqualTo(linked);
    assertThat(otherwise.get("reserve-a")).isNotIn(linked.get("reserve-a"), 1L);
  }

  /** Of what there is to ask about reserve-a at the address that knows both. */
  private Map<String, Long> versions() {
    return fixture
        .index
        .whatToAsk(new PersonId("reserve-a"), DOMAIN, Set.of(), CalledAddress.LOGICAL_ADDRESS)
        .stream()
        .filter(hit -> hit.address().value().equals("SE2321000016-A001"))
        .collect(Collectors.toMap(hit -> hit.person().value(), IndexHit::version));
  }

  @Test
  void followsChainsInWhateverOrderTheyAreMade() throws IOException {
    // given
    links.link(file("reserve-b,reserve-c"), MANDATE);
    links.link(file("reserve-a0,reserve-a"), MANDATE);

    // when
    links.link(file("reserve-a,reserve-b"), MANDATE);

    // then
    for (String asked : List.of("reserve-a0", "reserve-a", "reserve-b", "reserve-c")) {
      assertThat(find(asked)).hasSize(4);
    }
    assertThat(persons())
        .containsExactly("reserve-a reserve-c", "reserve-a0 reserve-c", "reserve-b reserve-c");
  }

  @Test
  void unlinkingLeavesWhatHungOnTheOlderIdentityWithIt() throws IOException {
    // given
    links.link(file("reserve-a0,reserve-a", "reserve-a,reserve-b", "reserve-b,reserve-c"), MANDATE);

    // when
    links.unlink(file("reserve-a,reserve-b"), MANDATE);

    // then
    assertThat(persons()).containsExactly("reserve-a0 reserve-a", "reserve-b reserve-c");
    assertThat(find("reserve-a")).hasSize(2);
    assertThat(find("reserve-c")).hasSize(2);
  }

  @Test
  void writesWhoDidWhatAndWhy() throws IOException {
    // given
    links.link(file("reserve-a,reserve-b"), MANDATE);
    links.link(file("reserve-a,reserve-b"), MANDATE);

    // when
    links.unlink(file("reserve-a,reserve-b"), new Mandate("second office", "a mistake"));

    // then
    assertThat(
            fixture
                .outside
                .sql(
                    """
                    SELECT concat_ws('|', done_by, database_user, reason, action, identity, linked_to)
                      FROM identity_link_log ORDER BY entry\
                    """)
                .query(EngagementColumns::text)
                .list())
        .containsExactly(
            "register office|postgres|changed numbers|link|reserve-a|reserve-b",
            "second office|postgres|a mistake|unlink|reserve-a|reserve-b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          reserve-x,reserve-x                       | Line 3 links an identity to itself
          reserve-b,reserve-a                       | Line 2 leads into a circle
          reserve-old,reserve-b                     | Line 3 has an identity that is linked to another
          reserve-y,reserve-c                       | Line 3 has an identity that stood before
          ,reserve-c                                | Line 3 identity is not 1 to 32 characters
          reserve-z, reserve-c                      | Line 3 linkedTo is not 1 to 32 characters
          reserve-z                                 | Line 3 has not as many values
          reserve-z,reserve-9012345678901234567890123 | Line 3 linkedTo is not 1 to 32 characters
          """)
  void changesNothingWhereALineBreaksARule(String line, String text) throws IOException {
    // given
    links.link(file("reserve-a,reserve-b", "reserve-old,reserve-c"), MANDATE);
    List<String> before = persons();
    Path file = file("reserve-y,reserve-a", line);

    // when
    var linking = assertThatThrownBy(() -> links.link(file, MANDATE));

    // then
    linking.isInstanceOf(CommandRefused.class).hasMessageStartingWith(text);
    assertThat(persons()).isEqualTo(before);
    assertThat(fixture.count("identity_link_log")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reserve-b,reserve-a", "reserve-a,reserve-c", "reserve-n,reserve-m"})
  void unlinksOnlyWhatIsLinkedSo(String line) throws IOException {
    // given
    links.link(file("reserve-a,reserve-b"), MANDATE);
    Path file = file(line);

    // when
    var unlinking = assertThatThrownBy(() -> links.unlink(file, MANDATE));

    // then
    unlinking.isInstanceOf(CommandRefused.class).hasMessageStartingWith("Line 2 names no link");
    assertThat(persons()).containsExactly("reserve-a reserve-b");
  }

  @Test
  void asksWhoAndWhy() {
    assertThatThrownBy(() -> new Mandate(" ", "why")).isInstanceOf(CommandRefused.class);
    assertThatThrownBy(() -> new Mandate("who", "")).isInstanceOf(CommandRefused.class);
  }

  private Path file(String... lines) throws IOException {
    Path file = Files.createTempFile(folder, "links", ".csv");
    return Files.writeString(file, "identity,linkedTo\n" + String.join("\n", lines) + "\n");
  }

  private List<Engagement> find(String identity) {
    return fixture.index.find(
        new FindContentQuery(identity, DOMAIN, null, null, null, null, null, null, null, null));
  }

  private List<String> persons() {
    return fixture
        .outside
        .sql("SELECT identity || ' ' || person FROM identity_link ORDER BY 1")
        .query(EngagementColumns::text)
        .list();
  }
}
