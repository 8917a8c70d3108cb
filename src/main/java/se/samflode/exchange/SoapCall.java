package se.samflode.exchange;

import java.net.URI;
import org.jspecify.annotations.Nullable;

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
 */
record SoapCall(
    String route,
    URI url,
    @Nullable String sslBundle,
    String logicalAddress,
    String correlationId,
    String body) {

  @Override
  public String toString() {
    return "SoapCall[" + route + " " + correlationId + "]";
  }
}
