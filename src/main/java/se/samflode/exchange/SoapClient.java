package se.samflode.exchange;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.cxf.jaxws.CxfConfigurer;
import org.apache.cxf.configuration.jsse.TLSClientParameters;
import org.apache.cxf.endpoint.Client;
import org.apache.cxf.endpoint.Endpoint;
import org.apache.cxf.endpoint.Server;
import org.apache.cxf.endpoint.UpfrontConduitSelector;
import org.apache.cxf.frontend.AbstractWSDLBasedEndpointFactory;
import org.apache.cxf.message.Message;
import org.apache.cxf.transport.Conduit;
import org.apache.cxf.transport.MessageObserver;
import org.apache.cxf.transport.http.HTTPConduit;
import org.apache.cxf.transport.http.URLConnectionHTTPConduit;
import org.apache.cxf.transports.http.configuration.ConnectionType;
import org.apache.cxf.transports.http.configuration.HTTPClientPolicy;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/**
 * How CXF calls peers: with the timeouts that the route names, the certificate that the call names,
 * no redirects and no cookies, and answers that are bounded. Thread-safe.
 */
@Component
final class SoapClient implements CxfConfigurer {

  /** Property of a message: the name of its SSL bundle. */
  static final String SSL_BUNDLE = "samflode.ssl-bundle";

  private final SslBundles sslBundles;

  SoapClient(SslBundles sslBundles) {
    this.sslBundles = sslBundles;
  }

  /** Whether an SSL bundle exists and can be used. */
  boolean canUse(String sslBundle) {
    try {
      return sslBundles.getBundleNames().contains(sslBundle)
          && sslBundles.getBundle(sslBundle).createSslContext() != null;
    } catch (IllegalStateException e) {
      // A store that is missing, or not opened by its password; the caller names the bundle.
      return false;
    }
  }

  @Override
  public void configureClient(Client client) {
    client.setConduitSelector(new ByBundle(client));
    client.getInInterceptors().add(new SoapAnswerLimits());
    client.getInInterceptors().add(new SoapAnswerLimits.RefuseFailure());
    client.getInFaultInterceptors().add(new SoapAnswerLimits.DropFault());
  }

  @Override
  public void configure(AbstractWSDLBasedEndpointFactory factory) {}

  @Override
  public void configureServer(Server server) {}

  private HTTPConduit conduit(Client client, String bundle) {
    Endpoint endpoint = client.getEndpoint();
    try {
      // Its connections are closed by the interrupt of a virtual thread.
      HTTPConduit conduit =
          new URLConnectionHTTPConduit(client.getBus(), endpoint.getEndpointInfo(), null);
      HTTPClientPolicy policy = new HTTPClientPolicy();
      policy.setConnectionTimeout(millis(endpoint, "connectTimeoutMillis"));
      policy.setReceiveTimeout(millis(endpoint, "receiveTimeoutMillis"));
      policy.setAutoRedirect(false);
      // Calls are few; a connection that the peer has closed meanwhile must not cost one.
      policy.setConnection(ConnectionType.CLOSE);
      conduit.setClient(policy);
      conduit.finalizeConfig();
      if (!bundle.isEmpty()) {
        TLSClientParameters tls = new TLSClientParameters();
        tls.setSslContext(sslBundles.getBundle(bundle).createSslContext());
        conduit.setTlsClientParameters(tls);
      }
      return conduit;
    } catch (IOException e) {
      throw new IllegalStateException("what calls over HTTP cannot be made", e);
    }
  }

  private static long millis(Endpoint endpoint, String property) {
    Object value = endpoint.get(property);
    if (value == null) {
      throw new IllegalStateException("the route must set properties." + property);
    }
    return Long.parseLong(value.toString());
  }

  /** One conduit for each bundle: a conduit keeps the certificate it was last used with. */
  private final class ByBundle extends UpfrontConduitSelector {

    private final Client client;
    private final Map<String, HTTPConduit> byBundle = new ConcurrentHashMap<>();

    ByBundle(Client client) {
      this.client = client;
      setEndpoint(client.getEndpoint());
    }

    @Override
    protected @Nullable Conduit findCompatibleConduit(Message message) {
      Conduit before = super.findCompatibleConduit(message);
      if (before != null) {
        return before;
      }
      Object named = message.getContextualProperty(SSL_BUNDLE);
      return byBundle.computeIfAbsent(named == null ? "" : named.toString(), this::create);
    }

    private HTTPConduit create(String bundle) {
      HTTPConduit conduit = conduit(client, bundle);
      conduit.setMessageObserver((MessageObserver) client);
      return conduit;
    }

    @Override
    public void close() {
      byBundle.values().forEach(HTTPConduit::close);
      byBundle.clear();
      super.close();
    }
  }
}
