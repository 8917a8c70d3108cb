package se.samflode.exchange;

import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The register of services that names subscribers, if there is one.
 *
 * @param url where it takes GetLogicalAddresseesByServiceContract 2; none by default
 * @param logicalAddress HSA-id of the register's owner, the LogicalAddress of the question
 * @param consumerHsaId our HSA-id as one who calls subscribers
 * @param notifyUrl where ProcessNotification to the subscribers it names is sent: the platform
 * @param sslBundle the SSL bundle for those of the two addresses that are https
 * @param refreshInterval how often it is asked, 1 min to 7 d
 */
@Validated
@ConfigurationProperties("samflode.subscribers.register")
record RegisterSettings(
    @Nullable URI url,
    @Nullable String logicalAddress,
    @Nullable String consumerHsaId,
    @Nullable URI notifyUrl,
    @Nullable String sslBundle,
    @DefaultValue("2h") @DurationMin(minutes = 1) @DurationMax(days = 7) Duration refreshInterval) {

  RegisterSettings {
    if (url != null && (logicalAddress == null || consumerHsaId == null || notifyUrl == null)) {
      throw new IllegalArgumentException(
          "samflode.subscribers.register.url needs logical-address, consumer-hsa-id and notify-url"
              + " beside it");
    }
    check("url", url, sslBundle);
    check("notify-url", notifyUrl, sslBundle);
  }

  private static void check(String setting, @Nullable URI at, @Nullable String sslBundle) {
    if (at != null) {
      Subscriber.checkUrl("samflode.subscribers.register." + setting, at, bundleFor(at, sslBundle));
    }
  }

  /** The SSL bundle for one of the two addresses: none where that is http. */
  @Nullable String bundleFor(URI at) {
    return bundleFor(at, sslBundle);
  }

  private static @Nullable String bundleFor(URI at, @Nullable String sslBundle) {
    return "https".equals(at.getScheme()) ? sslBundle : null;
  }
}
