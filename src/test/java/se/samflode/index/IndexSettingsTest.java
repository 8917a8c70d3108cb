package se.samflode.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class IndexSettingsTest {

  @Test
  void reservesItsOwnAddressByDefault() {
    // given
    Map<String, String> properties = Map.of("samflode.index.hsa-id", "own");

    // when
    IndexSettings settings = bind(properties);

    // then
    assertThat(settings)
        .isEqualTo(
            new IndexSettings(
                "own", null, null, true, Set.of("riv:crm:scheduling"), Duration.ofDays(14)));
    assertThat(settings.reserves("own")).isTrue();
    assertThat(settings.accepts("own")).isTrue();
    assertThat(settings.accepts("")).isFalse();
  }

  @Test
  void takesEverySetting() {
    // given
    Map<String, String> properties =
        Map.of(
            "samflode.index.hsa-id", "own",
            "samflode.index.alternative-hsa-id", "second",
            "samflode.index.reserved-addresses", "a,b",
            "samflode.index.require-durability", "false",
            "samflode.index.overwriting-domains", "x,y",
            "samflode.index.feed-retention", "3d");

    // when
    IndexSettings settings = bind(properties);

    // then
    assertThat(settings)
        .isEqualTo(
            new IndexSettings(
                "own", "second", List.of("a", "b"), false, Set.of("x", "y"), Duration.ofDays(3)));
    assertThat(settings.accepts("second")).isTrue();
    assertThat(settings.reserves("b")).isTrue();
    assertThat(settings.reserves("own")).isFalse();
  }

  private static IndexSettings bind(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bind("samflode.index", IndexSettings.class)
        .get();
  }
}
