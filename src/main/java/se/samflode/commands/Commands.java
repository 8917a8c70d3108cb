package se.samflode.commands;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import se.samflode.config.CannotStart;
import se.samflode.config.LogToStandardError;
import se.samflode.index.CommandRefused;
import se.samflode.index.IndexTools;
import se.samflode.index.IndexUnavailable;
import se.samflode.lab.LabTools;

/** Runs a command of the jar. Stateless. */
public final class Commands {

  private static final int FAILED = 1;

  /** What the application would take as a setting: it has a dot in its name, options have none. */
  private static final Predicate<String> SETTING =
      Pattern.compile("--[A-Za-z][A-Za-z0-9-]*[.\\[][^=]*=.*", Pattern.DOTALL).asMatchPredicate();

  /** What libraries tell at their start is no news at a terminal. */
  private static final Map<String, Object> LOG_LEVELS =
      Map.of("logging.level.root", "WARN", "logging.level.se.samflode", "INFO");

  private Commands() {}

  /**
   * Whether arguments of the jar are a command: any word is one, so that one that was mistyped does
   * not start the application.
   */
  public static boolean isCommand(String... args) {
    return Stream.of(args).anyMatch(arg -> !arg.startsWith("--"));
  }

  /**
   * Runs a command to its end.
   *
   * @param args a command with its options, and settings as for the application, before it or
   *     behind it
   * @return 0 if it is done, 1 if not, 2 if it was called wrongly
   */
  public static int run(String... args) {
    List<String> settings = Stream.of(args).filter(SETTING).toList();
    String[] typed = Stream.of(args).filter(SETTING.negate()).toArray(String[]::new);
    return new CommandLine(new AllCommands())
        .addSubcommand(new IndexCommands(work -> inContext(IndexTools.class, settings, work)))
        .addSubcommand(new LabCommands(work -> inContext(LabTools.class, settings, work)))
        .setExecutionExceptionHandler(Commands::failed)
        .execute(typed);
  }

  private static void inContext(
      Class<?> source, List<String> settings, Consumer<ApplicationContext> work) {
    SpringApplication application = new SpringApplication(source);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setDefaultProperties(LOG_LEVELS);
    application.addListeners(new LogToStandardError());
    try (ConfigurableApplicationContext beans = application.run(settings.toArray(String[]::new))) {
      work.accept(beans);
    }
  }

  /** Texts of the database and of libraries may repeat values: only ours are shown. */
  private static int failed(Exception e, CommandLine commandLine, CommandLine.ParseResult typed) {
    PrintWriter err = commandLine.getErr();
    switch (e) {
      case CommandRefused refused -> err.println(refused.getMessage());
      case IndexUnavailable forbidden when forbidden.isForbidden() ->
          err.println(
              "The role of the database may not do this. Name one that may, by"
                  + " --spring.datasource.username. What has been committed stays.");
      case IndexUnavailable unavailable ->
          err.println(
              "The database failed: "
                  + unavailable.what()
                  + ". What has been committed stays. Run the same command again.");
      default -> err.println("Failed: " + kind(e) + ". What has been committed stays.");
    }
    err.flush();
    return FAILED;
  }

  private static String kind(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && !(root instanceof CannotStart)) {
      root = root.getCause();
    }
    return root instanceof CannotStart
        ? String.valueOf(root.getMessage())
        : root.getClass().getSimpleName();
  }
}
