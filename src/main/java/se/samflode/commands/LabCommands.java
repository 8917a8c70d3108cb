package se.samflode.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import se.samflode.lab.LabKeeping;

/** What may be typed behind {@code labs}. For one call. */
@Command(
    name = "labs",
    description = "Work on the results that labs have pushed. Docs: docs/labs.md.",
    footer = "Settings are given as for the application, such as --spring.datasource.url=...",
    synopsisSubcommandLabel = "COMMAND")
final class LabCommands implements Runnable {

  private final Consumer<Consumer<ApplicationContext>> context;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Shows this.")
  // Picocli acts on it.
  @SuppressWarnings("UnusedVariable")
  private boolean help;

  /**
   * @param context runs work with the beans that it needs
   */
  LabCommands(Consumer<Consumer<ApplicationContext>> context) {
    this.context = context;
  }

  /** What is wanted, alike for every command. */
  static final class Whose {

    @Option(
        names = "--controller",
        required = true,
        description = "HSA-id of the organisation that answers for the data.")
    private String controller = "";

    @Option(
        names = "--residents",
        paramLabel = "FILE",
        description = "Some residents only. CSV with the column identity.")
    private @Nullable Path residents;

    @Option(names = "--by", required = true, description = "Who does it.")
    private String by = "";

    @Option(names = "--reason", required = true, description = "Why.")
    private String reason = "";

    LabKeeping.Order order() {
      return new LabKeeping.Order(controller, residents, by, reason);
    }
  }

  /** Called without a command. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(commandLine(), "Say which command.");
  }

  @Command(
      name = "export",
      description = "Hands out every version of every answer, one JSON object on a line.")
  void export(@Mixin Whose whose) {
    context.accept(beans -> {
      PrintWriter out = commandLine().getOut();
      long count = beans.getBean(LabKeeping.class).export(whose.order(), out::println);
      out.flush();
      told(count + " versions");
    });
  }

  @Command(name = "erase", description = "Erases answers with all their versions.")
  void erase(@Mixin Whose whose) {
    context.accept(
        beans -> told(beans.getBean(LabKeeping.class).erase(whose.order()) + " answers erased"));
  }

  /** Beside what is handed out. */
  private void told(String text) {
    PrintWriter err = commandLine().getErr();
    err.println(text);
    err.flush();
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("called without a command line");
    }
    return spec.commandLine();
  }
}
