package se.samflode.config;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Who does what is scheduled, and the one schedule on which changed files are noticed: 1 s after
 * the last look has ended.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class Schedules {

  /** More than there are schedules in one node. */
  private static final int THREADS = 16;

  private final List<Reread> owners;

  Schedules(ObjectProvider<Reread> owners) {
    this.owners = owners.orderedStream().toList();
  }

  /**
   * A thread for each schedule: the one of Spring Boot for virtual threads does all that have a
   * fixed delay one after the other, so that what waits for the database would hold up the rest.
   */
  @Bean
  static ThreadPoolTaskScheduler taskScheduler() {
    ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
    scheduler.setPoolSize(THREADS);
    scheduler.setThreadNamePrefix("scheduled-");
    return scheduler;
  }

  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  void rereadAll() {
    owners.forEach(Reread::reread);
  }
}
