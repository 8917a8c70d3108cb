package se.samflode.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Keys and certificates made for one test: {@code server.p12} for localhost and {@code client.p12}
 * for CN=samflode, {@code trusts-server.p12} and {@code trusts-client.p12}.
 *
 * @param folder where they are
 */
public record TlsStores(Path folder) {

  private static final String PASSWORD = "changeit";

  /** Makes them in an empty folder. */
  public static TlsStores make(Path folder) throws IOException, InterruptedException {
    TlsStores stores = new TlsStores(folder);
    for (String[] who : new String[][] {{"server", "CN=localhost"}, {"client", "CN=samflode"}}) {
      String store = who[0] + ".p12";
      stores.keytool(
          "-genkeypair",
          "-keystore",
          store,
          "-alias",
          who[0],
          "-dname",
          who[1],
          "-keyalg",
          "EC",
          "-ext",
          "san=dns:localhost",
          "-validity",
          "30");
      stores.keytool("-exportcert", "-keystore", store, "-alias", who[0], "-file", who[0] + ".cer");
      stores.keytool(
          "-importcert",
          "-noprompt",
          "-keystore",
          "trusts-" + store,
          "-alias",
          who[0],
          "-file",
          who[0] + ".cer");
    }
    return stores;
  }

  /** Settings of Spring Boot that make a bundle of two of the stores. */
  public Map<String, Object> bundle(String name, String keyStore, String trustStore) {
    String prefix = "spring.ssl.bundle.jks." + name + ".";
    return Map.of(
        prefix + "keystore.location",
        folder.resolve(keyStore).toUri().toString(),
        prefix + "keystore.password",
        PASSWORD,
        prefix + "keystore.type",
        "PKCS12",
        prefix + "truststore.location",
        folder.resolve(trustStore).toUri().toString(),
        prefix + "truststore.password",
        PASSWORD,
        prefix + "truststore.type",
        "PKCS12");
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
