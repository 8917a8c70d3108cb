package se.samflode.api.rest;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import se.samflode.access.Caller;
import se.samflode.api.Rooms;
import se.samflode.demo.DemoIssuer;
import se.samflode.demo.DemoResident;
import se.samflode.demo.DemoTokens;

/**
 * The walls of the HTTP side without what stands behind them: no database, no routes. No
 * {@code @Configuration}, so that no scan of the whole application finds it.
 */
@EnableAutoConfiguration(
    excludeName = {
      "org.apache.camel.spring.boot.CamelAutoConfiguration",
      "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
    })
@ComponentScan({"se.samflode.access", "se.samflode.config"})
@ConfigurationPropertiesScan({"se.samflode.access", "se.samflode.api", "se.samflode.config"})
@Import({
  HttpSecurityRules.class,
  ProblemAdvice.class,
  UnhandledErrors.class,
  ContainerErrors.class,
  CorrelationFilter.class,
  Rooms.class,
  ApiSlice.Stub.class,
  DemoTokens.class
})
class ApiSlice {

  /** Of the published test series. */
  static final String PERSONNUMMER = "195002192382";

  /** Of the published test series. */
  static final String SAMORDNINGSNUMMER = "197002822398";

  static final DemoIssuer ISSUER = new DemoIssuer();

  @Bean
  DemoIssuer issuer() {
    return ISSUER;
  }

  @Bean
  Supplier<List<DemoResident>> residents() {
    return () ->
        List.of(
            new DemoResident(PERSONNUMMER, "nothing"),
            new DemoResident(SAMORDNINGSNUMMER, "nothing either"));
  }

  @TestComponent
  @RestController
  static class Stub {

    @GetMapping(path = "/api/v1/bookings", produces = "application/json")
    Map<String, String> caller(@AuthenticationPrincipal Caller caller) {
      return Map.of("resident", caller.resident().value(), "consumer", caller.consumer().hsaId());
    }

    @GetMapping("/api/v1/bookings/number")
    int number(@RequestParam int number) {
      return number;
    }

    @GetMapping("/api/v1/bookings/broken")
    int broken() {
      throw new IllegalStateException("broke at " + PERSONNUMMER);
    }

    @GetMapping("/rivta/stub")
    String rivta() {
      return "open";
    }
  }
}
