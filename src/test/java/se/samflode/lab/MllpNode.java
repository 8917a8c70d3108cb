package se.samflode.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StreamUtils;
import org.springframework.web.client.RestClient;
import se.samflode.SamflodeApplication;
import se.samflode.access.Senders;
import se.samflode.demo.DemoIssuer;
import se.samflode.testing.FreePort;
import se.samflode.testing.TestDatabase;
import se.samflode.testing.TlsStores;

/** The whole application, taking HL7 v2. */
final class MllpNode implements AutoCloseable {

  /** How many connections it takes. */
  static final int CONNECTIONS = 20;

  private final ConfigurableApplicationContext application;
  private final int port = FreePort.find();

  private MllpNode(TestDatabase database, Path senders, Map<String, Object> settings) {
    Map<String, Object> properties = new HashMap<>(new DemoIssuer().properties());
    properties.putAll(settings);
    properties.put("spring.datasource.url", database.url());
    properties.put("spring.datasource.username", TestDatabase.USER);
    properties.put("samflode.producers.registry", "file:mock-regions/producers.yaml");
    properties.put("samflode.index.hsa-id", "SE2321000016-EI01");
    properties.put("samflode.senders", senders.toUri().toString());
    properties.put("samflode.lab.mllp.port", port);
    properties.put("samflode.lab.mllp.address", "127.0.0.1");
    properties.put("samflode.lab.mllp.connections", CONNECTIONS);
    properties.put("samflode.lab.mllp.idle", "5s");
    properties.put("server.port", "0");
    properties.put("management.server.port", "0");
    application =
        new SpringApplicationBuilder(SamflodeApplication.class)
            .profiles("demo")
            .initializers(context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("test", properties)))
            .run();
  }

  /** With the client's certificate of the stores. */
  static MllpNode overTls(TestDatabase database, Path senders, TlsStores stores) {
    Map<String, Object> settings =
        new HashMap<>(stores.bundle("labs", "server.p12", "trusts-client.p12"));
    settings.put("samflode.lab.mllp.ssl-bundle", "labs");
    return new MllpNode(database, senders, settings);
  }

  /** Without TLS. */
  static MllpNode plain(TestDatabase database, Path senders, String sender) {
    return new MllpNode(database, senders, Map.of("samflode.lab.mllp.plain-sender", sender));
  }

  int port() {
    return port;
  }

  /** What the management port tells below {@code /actuator/}. */
  String managed(String path) {
    return RestClient.create(
            "http://localhost:"
                + application.getEnvironment().getProperty("local.management.port")
                + "/actuator/")
        .get()
        .uri(path)
        .exchange((request, answer) -> StreamUtils.copyToString(answer.getBody(), UTF_8));
  }

  /** Reads the file of senders again, as the application does by itself every now and then. */
  void rereadSenders() {
    application.getBean(Senders.class).reread();
  }

  /** Stops gracefully. */
  @Override
  public void close() {
    application.close();
  }
}
