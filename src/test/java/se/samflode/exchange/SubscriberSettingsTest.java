package se.samflode.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.core.io.ByteArrayResource;
import se.samflode.config.InvalidFile;
import se.samflode.exchange.Subscriber.Filter;

class SubscriberSettingsTest {

  @Test
  void tellsNobodyByDefault() {
    // when
    SubscriberSettings settings = bind("", SubscriberSettings.class, Map.of());
    RegisterSettings register = bind(".register", RegisterSettings.class, Map.of());

    // then
    assertThat(settings)
        .isEqualTo(
            new SubscriberSettings(
                null,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                10,
                Duration.ofDays(7)));
    assertThat(register)
        .isEqualTo(new RegisterSettings(null, null, null, null, null, Duration.ofHours(2)));
  }

  @Test
  void takesEverySetting() {
    // when
    SubscriberSettings settings =
        bind(
            "",
            SubscriberSettings.class,
            Map.of(
                "poll-interval", "1s",
                "first-retry", "2s",
                "longest-retry", "3s",
                "refusals", "4",
                "give-up-after", "5d"));
    RegisterSettings register =
        bind(
            ".register",
            RegisterSettings.class,
            Map.of(
                "url", "https://a",
                "logical-address", "b",
                "consumer-hsa-id", "c",
                "notify-url", "https://d",
                "ssl-bundle", "e",
                "refresh-interval", "6h"));

    // then
    assertThat(settings)
        .isEqualTo(
            new SubscriberSettings(
                null,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                4,
                Duration.ofDays(5)));
    assertThat(register)
        .isEqualTo(
            new RegisterSettings(
                URI.create("https://a"),
                "b",
                "c",
                URI.create("https://d"),
                "e",
                Duration.ofHours(6)));
  }

  @Test
  void doublesTheTimeBetweenTriesUpToTheLongest() {
    // given
    SubscriberSettings settings = bind("", SubscriberSettings.class, Map.of());

    // then
    assertThat(Stream.of(1, 2, 3, 9, 10, 1000).map(settings::retryAfter))
        .containsExactly(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(256),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5));
  }

  @Test
  void readsTheFile() {
    // when
    SubscribersFile file =
        read(
            """
            subscribers:
              - logicalAddress: SE2321000016-sub1
                url: http://localhost/notify
                filters:
                  - { serviceDomain: "riv:crm:scheduling", categorizations: [Booking] }
                  - { serviceDomain: "riv:a:b" }
              - { logicalAddress: B, url: "http://localhost/" }
            """);

    // then
    assertThat(file.subscribers())
        .containsExactly(
            new Subscriber(
                "SE2321000016-sub1",
                URI.create("http://localhost/notify"),
                null,
                List.of(
                    new Filter("riv:crm:scheduling", List.of("Booking")),
                    new Filter("riv:a:b", List.of()))),
            new Subscriber("B", URI.create("http://localhost/"), null, List.of()));
    assertThat(file.subscribers().getFirst().key()).isEqualTo("SE2321000016-SUB1");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("other: []", "line 1"),
        Arguments.of("subscribers: [{ url: 'http://a/' }]", "logicalAddress must have"),
        Arguments.of(
            "subscribers:\n  - { logicalAddress: A }", "line 2: subscriber A: url must be"),
        Arguments.of(
            "subscribers: [{ logicalAddress: A, url: 'https://a/' }]", "https needs an SSL bundle"),
        Arguments.of(
            "subscribers: [{ logicalAddress: A, url: 'https://a/', sslBundle: x }]",
            "no usable spring.ssl.bundle named x"),
        Arguments.of(
            "subscribers: [{ logicalAddress: A, url: 'http://a/', filters: [{}] }]",
            "filters[].serviceDomain is missing"),
        Arguments.of(
            "subscribers: [{ logicalAddress: A, url: 'http://a/' },"
                + " { logicalAddress: a, url: 'http://a/' }]",
            "subscriber a stands twice"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void saysWhatIsWrongInTheFile(String text, String problem) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InvalidFile.class)
        .hasMessageContaining(problem);
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        Arguments.of(Map.of("url", "https://a/", "notify-url", "http://b/"), "register.url: https"),
        Arguments.of(
            Map.of("url", "http://a/", "notify-url", "https://b/"), "register.notify-url: https"),
        Arguments.of(
            Map.of("url", "http://a/", "notify-url", "ftp://b/"), "register.notify-url must be"));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void saysAtStartWhichAddressOfTheRegisterCannotBeUsed(Map<String, String> urls, String problem) {
    // given
    Map<String, String> values = new java.util.HashMap<>(urls);
    values.put("logical-address", "b");
    values.put("consumer-hsa-id", "c");

    // then
    assertThatThrownBy(() -> bind(".register", RegisterSettings.class, values))
        .rootCause()
        .hasMessageContaining(problem);
  }

  @Test
  void usesTheRegistersBundleForHttpsOnly() {
    // when
    RegisterSettings register =
        bind(
            ".register",
            RegisterSettings.class,
            Map.of(
                "url", "https://a/",
                "logical-address", "b",
                "consumer-hsa-id", "c",
                "notify-url", "http://d/",
                "ssl-bundle", "e"));

    // then
    assertThat(register.bundleFor(URI.create("https://a/"))).isEqualTo("e");
    assertThat(register.bundleFor(URI.create("http://d/"))).isNull();
  }

  private static SubscribersFile read(String text) {
    return SubscribersFile.read(
        new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), "subscribers.yaml"),
        new SoapClient(new DefaultSslBundleRegistry()));
  }

  private static <T> T bind(String below, Class<T> type, Map<String, String> values) {
    String prefix = "samflode.subscribers" + below;
    Map<String, String> properties = new java.util.HashMap<>();
    values.forEach((name, value) -> properties.put(prefix + "." + name, value));
    return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(prefix, type);
  }
}
