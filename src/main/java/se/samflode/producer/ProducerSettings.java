package se.samflode.producer;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Where producers are told of, and how much memory their answers may take.
 *
 * @param registry the YAML file of producers, re-read on change
 * @param units the YAML file of child and parent units, re-read on change
 * @param fragmentLimit largest answer to one call; a larger one fails as too-large
 * @param nodeLimit bytes of all answers on this node until they are written; beyond it calls fail
 *     as limited
 * @param ramp how long after a start until a producer is asked for all of its calls per second
 */
@Validated
@ConfigurationProperties("samflode.producers")
record ProducerSettings(
    @NotNull(message = "set samflode.producers.registry to the YAML file that lists the producers")
        Resource registry,
    @NotNull(message = "set samflode.producers.units to the YAML file of child and parent units")
        Resource units,
    @DefaultValue("16MB") DataSize fragmentLimit,
    @DefaultValue("256MB") DataSize nodeLimit,
    @DefaultValue("2m") Duration ramp) {

  /**
   * Checks the ramp.
   *
   * @throws IllegalArgumentException if it is out of its range
   */
  ProducerSettings {
    if (ramp.isNegative() || ramp.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("samflode.producers.ramp must be 0s to 1h");
    }
  }
}
