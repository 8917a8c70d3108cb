package se.samflode.exchange;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import se.samflode.testing.TlsStores;

/** Bundles as the application has them: ours, one that trusts the wrong server, and a server's. */
final class Bundles {

  private Bundles() {}

  static SslBundles of(TlsStores stores) {
    Map<String, Object> settings = new HashMap<>();
    settings.putAll(stores.bundle("ours", "client.p12", "trusts-server.p12"));
    settings.putAll(stores.bundle("astray", "client.p12", "trusts-client.p12"));
    settings.putAll(stores.bundle("server", "server.p12", "trusts-client.p12"));
    SslBundles[] bundles = new SslBundles[1];
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
        .withPropertyValues(
            settings.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toArray(String[]::new))
        .run(context -> bundles[0] = context.getBean(SslBundles.class));
    return bundles[0];
  }
}
