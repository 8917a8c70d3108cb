package se.samflode.exchange;

import java.net.URI;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;

/**
 * One SOAP call to a peer. Immutable; prints itself without the body.
 *
 * @param route id of the route that makes it, such as {@code notify-subscriber}
 * @param url where the peer is, http or https
 * @param sslBundle the bundle of {@code spring.ssl.bundle} with our certificate and whom we trust;
 *     null for those whom Java trusts, and no certificate
 * @param logicalAddress the SOAP header LogicalAddress
 * @param correlationId the header x-skltp-correlation-id
 * @param body the request element
 * @param mayBegin asked last of all before the call; where it says no, nothing is sent and the call
 *     has failed as {@link Reason#LIMITED}
 */
record SoapCall(
    String route,
    URI url,
    @Nullable String sslBundle,
    String logicalAddress,
    String correlationId,
    String body,
    BooleanSupplier mayBegin) {

  /** One that may be made at any time. */
  SoapCall(
      String route,
      URI url,
      @Nullable String sslBundle,
      String logicalAddress,
      String correlationId,
      String body) {
    this(route, url, sslBundle, logicalAddress, correlationId, body, () -> true);
  }

  @Override
  public String toString() {
    return "SoapCall[" + route + " " + correlationId + "]";
  }
}
