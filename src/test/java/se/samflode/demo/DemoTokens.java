package se.samflode.demo;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Opens {@code /demo/**} and serves it; imported by the demo and its tests, found by no scan. Needs
 * a {@link DemoIssuer} whose properties the application has got, and the residents.
 */
@TestConfiguration(proxyBeanMethods = false)
public class DemoTokens {

  @Bean
  DemoController demoController(
      DemoIssuer issuer, Supplier<List<DemoResident>> residents, Clock clock) {
    return new DemoController(issuer, residents, clock);
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  SecurityFilterChain demoAccess(HttpSecurity http) {
    return http.securityMatcher("/demo/**")
        .authorizeHttpRequests(rules -> rules.anyRequest().permitAll())
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(AbstractHttpConfigurer::disable)
        .build();
  }
}
