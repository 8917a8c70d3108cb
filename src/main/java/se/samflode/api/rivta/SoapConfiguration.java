package se.samflode.api.rivta;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.cxf.Bus;
import org.apache.cxf.bus.spring.SpringBus;
import org.apache.cxf.jaxws.EndpointImpl;
import org.apache.cxf.logging.FaultListener;
import org.apache.cxf.transport.servlet.CXFServlet;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import se.samflode.access.Consumers;
import se.samflode.access.TrustedPeers;
import se.samflode.api.Room;
import se.samflode.api.Rooms;
import se.samflode.contract.Interaction;

/** Publishes every {@link SoapOperation} below {@code /rivta}, by CXF. */
@Configuration(proxyBeanMethods = false)
class SoapConfiguration {

  private static final String ROOT = "/rivta";

  /** Before Spring Security's filters, which have no part in SOAP. */
  private static final int GATE_ORDER = -110;

  @Bean(name = Bus.DEFAULT_BUS_ID, destroyMethod = "shutdown")
  SpringBus cxf() {
    SpringBus bus = new SpringBus();
    bus.setProperty(FaultListener.class.getName(), new SoapFaults.Log());
    return bus;
  }

  @Bean
  ServletRegistrationBean<CXFServlet> soapServlet() {
    ServletRegistrationBean<CXFServlet> servlet =
        new ServletRegistrationBean<>(new CXFServlet(), ROOT + "/*");
    servlet.setName("soap");
    servlet.addInitParameter("hide-service-list-page", "true");
    servlet.setLoadOnStartup(1);
    return servlet;
  }

  @Bean
  FilterRegistrationBean<SoapGate> soapGate(
      TrustedPeers peers,
      Consumers consumers,
      Operations operations,
      Rooms rooms,
      Environment environment) {
    refuseForwardedHeaders(environment);
    Map<String, Room> published =
        operations.all().stream()
            .collect(Collectors.toMap(o -> ROOT + o.interaction().path(), o -> o.room(rooms)));
    FilterRegistrationBean<SoapGate> gate =
        new FilterRegistrationBean<>(new SoapGate(peers, consumers, published));
    gate.addUrlPatterns(ROOT + "/*");
    gate.setOrder(GATE_ORDER);
    return gate;
  }

  @Bean
  Endpoints soapEndpoints(Bus bus, Operations operations, Clock clock) {
    return new Endpoints(operations.all().stream().map(o -> publish(bus, o, clock)).toList());
  }

  private static EndpointImpl publish(Bus bus, SoapOperation operation, Clock clock) {
    Interaction interaction = operation.interaction();
    EndpointImpl endpoint = new EndpointImpl(bus, new SoapEndpoint(operation));
    endpoint.setWsdlLocation("classpath:" + interaction.wsdl());
    endpoint.setServiceName(interaction.service());
    endpoint.setEndpointName(interaction.port());
    endpoint.getInInterceptors().add(new SoapInterceptors.Read(operation.largestRequest(), clock));
    endpoint.getInInterceptors().add(new SoapInterceptors.CheckBody(interaction.request()));
    endpoint.getOutInterceptors().add(new SoapInterceptors.AddHeaders());
    endpoint.getOutInterceptors().add(new SoapInterceptors.WriteBody());
    endpoint.getOutFaultInterceptors().add(new SoapFaults.Tell());
    endpoint.publish(interaction.path());
    return endpoint;
  }

  /** A forwarded header must never stand for the TCP peer that {@link SoapGate} looks at. */
  private static void refuseForwardedHeaders(Environment environment) {
    String strategy = environment.getProperty("server.forward-headers-strategy", "");
    boolean valve =
        environment.containsProperty("server.tomcat.remoteip.remote-ip-header")
            || environment.containsProperty("server.tomcat.remoteip.protocol-header");
    if (!"none".equalsIgnoreCase(strategy) || valve) {
      throw new IllegalStateException(
          "server.forward-headers-strategy must be none and server.tomcat.remoteip must be unset:"
              + " callers of the SOAP side are trusted by their TCP address");
    }
  }

  /** What is published, taken down with the application. */
  record Endpoints(List<EndpointImpl> published) implements AutoCloseable {

    @Override
    public void close() {
      published.forEach(EndpointImpl::stop);
    }
  }
}
