package se.samflode.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedPeersTest {

  @Test
  void trustsNobodyByDefault() {
    // given
    TrustedPeers peers = new TrustedPeers(List.of());

    // when
    boolean trusted = peers.trusts("127.0.0.1");

    // then
    assertThat(trusted).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "10.1.255.255", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"})
  void trustsWhatIsListed(String peer) {
    // given
    TrustedPeers peers = new TrustedPeers(List.of("127.0.0.1", "10.1.0.0/16", " ::1 "));

    // when
    boolean trusted = peers.trusts(peer);

    // then
    assertThat(trusted).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.2", "10.2.0.0", "::2", "", "localhost", "127.0.0.1, 10.1.0.1"})
  void trustsNobodyElse(String peer) {
    // given
    TrustedPeers peers = new TrustedPeers(List.of("127.0.0.1", "10.1.0.0/16", "::1"));

    // when
    boolean trusted = peers.trusts(peer);

    // then
    assertThat(trusted).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "", "10/8/x"})
  void refusesAListItCannotReadAndNamesTheEntry(String entry) {
    // given
    List<String> list = List.of(entry);

    // when
    var reading = assertThatThrownBy(() -> new TrustedPeers(list));

    // then
    reading
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("samflode.trusted-proxies")
        .hasMessageContaining("\"" + entry + "\"");
  }
}
