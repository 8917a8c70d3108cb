package se.samflode.access;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The TCP peers that may call the SOAP side: {@code samflode.trusted-proxies}, none by default.
 * Immutable, thread-safe.
 */
@ConfigurationProperties("samflode")
public final class TrustedPeers {

  private final List<Network> networks;

  /**
   * Reads the list; no name is looked up.
   *
   * @param trustedProxies IP addresses and networks such as {@code 10.1.0.0/16} or {@code ::1}
   * @throws IllegalArgumentException if an entry is neither; the text names the entry
   */
  public TrustedPeers(@DefaultValue List<String> trustedProxies) {
    networks = trustedProxies.stream().map(Network::parse).toList();
  }

  /**
   * Whether a connection's peer may call.
   *
   * @param remoteAddr the peer of the TCP connection itself as an IP address, never a header's word
   */
  public boolean trusts(String remoteAddr) {
    try {
      byte[] peer = InetAddress.ofLiteral(remoteAddr.replaceFirst("%.*", "")).getAddress();
      return networks.stream().anyMatch(network -> network.contains(peer));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private record Network(List<Byte> prefix, int bits) {

    static Network parse(String entry) {
      String[] parts = entry.strip().split("/", -1);
      try {
        byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
        int most = address.length * Byte.SIZE;
        int bits = parts.length == 1 ? most : Integer.parseInt(parts[1]);
        if (parts.length > 2 || bits < 0 || bits > most) {
          throw new IllegalArgumentException("prefix out of range");
        }
        return new Network(boxed(address), bits);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "samflode.trusted-proxies: \""
                + entry
                + "\" is neither an IP address nor a network such as 10.1.0.0/16",
            e);
      }
    }

    boolean contains(byte[] peer) {
      if (peer.length != prefix.size()) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % Byte.SIZE);
        int at = bit / Byte.SIZE;
        if ((peer[at] & mask) != (prefix.get(at) & mask)) {
          return false;
        }
      }
      return true;
    }

    private static List<Byte> boxed(byte[] bytes) {
      Byte[] boxed = new Byte[bytes.length];
      Arrays.setAll(boxed, i -> bytes[i]);
      return List.of(boxed);
    }
  }
}
