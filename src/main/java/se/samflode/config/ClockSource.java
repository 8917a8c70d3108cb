package se.samflode.config;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one clock of the application; everyone else takes it as an InstantSource or Clock. */
@Configuration(proxyBeanMethods = false)
class ClockSource {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
