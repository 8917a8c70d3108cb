package se.samflode.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.io.ByteArrayResource;
import se.samflode.config.InvalidFile;

class PullsFileTest {

  private static final String SHORTEST =
      """
      sources:
        - id: region-journal
          sourceSystem: SE2321000016-S001
          url: https://journal.example.se/updates
          serviceDomains: ["riv:crm:scheduling"]
      """;

  @Test
  void fillsInWhatIsAbsent() {
    // when
    PullSource source = read(SHORTEST).sources().getFirst();

    // then
    assertThat(source.logicalAddress()).isEqualTo("SE2321000016-S001");
    assertThat(source.interval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(source.overlap()).isEqualTo(Duration.ofMinutes(1));
    assertThat(source.enabled()).isTrue();
    assertThat(source.sslBundle()).isNull();
  }

  @Test
  void readsWhatIsThere() {
    // when
    PullSource source =
        read(SHORTEST
                + "    logicalAddress: SE2321000016-L001\n"
                + "    sslBundle: region\n"
                + "    interval: 1h\n"
                + "    overlap: 0s\n"
                + "    enabled: false\n")
            .sources()
            .getFirst();

    // then
    assertThat(source.logicalAddress()).isEqualTo("SE2321000016-L001");
    assertThat(source.sslBundle()).isEqualTo("region");
    assertThat(source.interval()).isEqualTo(Duration.ofHours(1));
    assertThat(source.overlap()).isZero();
    assertThat(source.enabled()).isFalse();
  }

  static Stream<Arguments> refused() {
    String second = SHORTEST.replace("sources:\n", "");
    return Stream.of(
        Arguments.of("no list", "{}", "sources must be a list"),
        Arguments.of("an unknown key", SHORTEST + "    colour: red\n", "colour"),
        Arguments.of("no id", SHORTEST.replace("region-journal", "\"\""), "id must match"),
        Arguments.of(
            "an id in capitals", SHORTEST.replace("region-j", "Region-J"), "id must match"),
        Arguments.of(
            "blanks around the source system",
            SHORTEST.replace("SE2321000016-S001", "\" S\""),
            "source region-journal: sourceSystem"),
        Arguments.of(
            "a long logical address",
            SHORTEST + "    logicalAddress: " + "x".repeat(65) + "\n",
            "logicalAddress must have 1 to 64"),
        Arguments.of(
            "a URL with a query", SHORTEST.replace("updates", "updates?x=1"), "url must be"),
        Arguments.of("a file", SHORTEST.replace("https:", "file:"), "url must be"),
        Arguments.of(
            "a bundle for http",
            SHORTEST.replace("https:", "http:") + "    sslBundle: region\n",
            "sslBundle is for https only"),
        Arguments.of(
            "an unknown bundle",
            SHORTEST + "    sslBundle: other\n",
            "there is no spring.ssl.bundle named other"),
        Arguments.of(
            "no domain",
            SHORTEST.replace("[\"riv:crm:scheduling\"]", "[]"),
            "serviceDomains must name 1 to 100"),
        Arguments.of(
            "a domain twice",
            SHORTEST.replace("[\"riv:crm:scheduling\"]", "[a, a]"),
            "a service domain stands twice"),
        Arguments.of("no unit", SHORTEST + "    interval: 5\n", "unit"),
        Arguments.of("too short", SHORTEST + "    interval: 999ms\n", "interval must be 1s to 7d"),
        Arguments.of("too long", SHORTEST + "    interval: 8d\n", "interval must be 1s to 7d"),
        Arguments.of("too much", SHORTEST + "    overlap: 25h\n", "overlap must be 0s to 1d"),
        Arguments.of("an id twice", SHORTEST + second, "source region-journal stands twice"),
        Arguments.of(
            "what two pull",
            SHORTEST + second.replace("region-journal", "other"),
            "is pulled from region-journal and from other"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refused(String what, String yaml, String problem) {
    // when
    var reading = assertThatThrownBy(() -> read(yaml));

    // then
    reading.as(what).isInstanceOf(InvalidFile.class).hasMessageContaining(problem);
  }

  private static PullsFile read(String yaml) {
    return PullsFile.read(
        new ByteArrayResource(yaml.getBytes(UTF_8), "pulls.yaml"),
        new DefaultSslBundleRegistry("region", SslBundle.systemDefault()));
  }
}
