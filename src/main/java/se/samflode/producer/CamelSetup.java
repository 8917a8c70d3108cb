package se.samflode.producer;

import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * What all producers' routes share of Camel's HTTP client, and the start of the routes. The one
 * place that knows both Spring Boot and Camel.
 */
@Component
final class CamelSetup implements CamelContextConfiguration, DisposableBean {

  private final ProducerRoutes routes;

  CamelSetup(ProducerRoutes routes) {
    this.routes = routes;
  }

  @Override
  public void beforeApplicationStart(CamelContext context) {
    for (String scheme : new String[] {"http", "https"}) {
      HttpComponent http = context.getComponent(scheme, HttpComponent.class);
      // Else a POST that was answered 503 is sent again behind our back.
      http.setAutomaticRetriesDisabled(true);
      // Else no connection with a client certificate is used twice.
      http.setConnectionStateDisabled(true);
      // A producer must not send our question, identity included, to another host.
      http.setRedirectHandlingDisabled(true);
      http.setCookieManagementDisabled(true);
      http.setContentCompressionDisabled(true);
      http.setAuthCachingDisabled(true);
      http.setDefaultUserAgentDisabled(true);
      http.setHttpClientConfigurer(CamelSetup::letCallsBeCut);
    }
  }

  @Override
  public void afterApplicationStart(CamelContext context) {
    routes.start(context);
  }

  @Override
  public void destroy() {
    routes.stop();
  }

  private static void letCallsBeCut(HttpClientBuilder client) {
    client.addExecInterceptorFirst(
        "call-handle",
        (request, scope, chain) -> {
          if (CallHandle.CURRENT.isBound()
              && scope.originalRequest instanceof HttpUriRequestBase sent) {
            CallHandle.CURRENT.get().sending(sent);
          }
          return chain.proceed(request, scope);
        });
  }
}
