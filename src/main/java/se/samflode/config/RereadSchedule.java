package se.samflode.config;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** The one schedule on which changed files are noticed: 1 s after the last look has ended. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class RereadSchedule {

  private final List<Reread> owners;

  RereadSchedule(ObjectProvider<Reread> owners) {
    this.owners = owners.orderedStream().toList();
  }

  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  void rereadAll() {
    owners.forEach(Reread::reread);
  }
}
