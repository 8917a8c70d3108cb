package se.samflode;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts Samflöde. Settings: docs/operations.md. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SamflodeApplication {

  /**
   * Starts the application and returns when it is ready to answer.
   *
   * @param args settings as {@code --name=value}
   */
  public static void main(String[] args) {
    SpringApplication.run(SamflodeApplication.class, args);
  }
}
