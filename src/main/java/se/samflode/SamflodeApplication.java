package se.samflode;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import se.samflode.commands.Commands;

/** Starts Samflöde, or runs a command on its database. Settings: docs/operations.md. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SamflodeApplication {

  /**
   * Starts the application and returns when it is ready to answer. With a command, runs that and
   * ends the process.
   *
   * @param args settings as {@code --name=value}; anything else is a command
   */
  public static void main(String[] args) {
    if (Commands.isCommand(args)) {
      System.exit(Commands.run(args));
    }
    SpringApplication.run(SamflodeApplication.class, args);
  }
}
