package se.samflode.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class JsonSettingsTest {

  @Test
  void anAnswerWaitsTwoSecondsUnlessToldOtherwiseAndNeverMoreThanTwenty() {
    assertThat(bound(Map.of()).deadline()).isEqualTo(Duration.ofSeconds(2));
    assertThat(JsonSettings.LONGEST_WAIT).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void everyKeyIsRead() {
    assertThat(bound(Map.of("samflode.api.json.deadline", "3s")).deadline())
        .isEqualTo(Duration.ofSeconds(3));
  }

  private static JsonSettings bound(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("samflode.api.json", JsonSettings.class);
  }
}
