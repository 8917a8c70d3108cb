package se.samflode.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.unit.DataSize;
import se.samflode.access.ListedSenders;
import se.samflode.config.CannotStart;

class MllpListenerTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, , , it is not clear how senders are known",
    "127.0.0.1, labs, gotalab, it is not clear how senders are known",
    "0.0.0.0, , gotalab, without TLS from the network",
    "127.0.0.1, , nobody, names nobody",
    "0.0.0.0, other, , names no SSL bundle",
    "0.0.0.0, labs, , has no trust store",
  })
  void doesNotStartWhereItIsNotClearWhoSends(
      String address, @Nullable String bundle, @Nullable String plainSender, String problem) {
    assertThatThrownBy(() -> listener(2575, address, bundle, plainSender))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining(problem);
  }

  @Test
  void takesPlainConnectionsOnALoopbackAddressOnly() {
    assertThat(listener(2575, "127.0.0.1", null, "gotalab").isRunning()).isFalse();
    assertThat(listener(2575, "::1", null, "gotalab").isRunning()).isFalse();
  }

  @Test
  void asksForNothingWithoutAPort() {
    assertThat(listener(null, "0.0.0.0", null, null).isRunning()).isFalse();
  }

  private static MllpListener listener(
      @Nullable Integer port,
      String address,
      @Nullable String bundle,
      @Nullable String plainSender) {
    DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
    bundles.registerBundle("labs", SslBundle.of(null));
    return new MllpListener(
        new MllpSettings(
            port,
            address,
            bundle,
            plainSender,
            200,
            DataSize.ofMegabytes(64),
            Duration.ofMinutes(10)),
        new LabSettings(DataSize.ofMegabytes(8), DataSize.ofMegabytes(16), Duration.ofDays(90)),
        bundles,
        ListedSenders.of(Path.of("mock-regions/senders.yaml")),
        new SimpleMeterRegistry());
  }
}
