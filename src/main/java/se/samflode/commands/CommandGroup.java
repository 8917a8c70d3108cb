package se.samflode.commands;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Commands that share the first word. For one call. */
@Command(
    footer = "Settings are given as for the application, such as --spring.datasource.url=...",
    synopsisSubcommandLabel = "COMMAND")
abstract class CommandGroup implements Runnable {

  /** Runs work with the beans that it needs. */
  final Consumer<Consumer<ApplicationContext>> context;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Shows this.")
  // Picocli acts on it.
  @SuppressWarnings("UnusedVariable")
  private boolean help;

  CommandGroup(Consumer<Consumer<ApplicationContext>> context) {
    this.context = context;
  }

  /** Called without a command. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(commandLine(), "Say which command.");
  }

  final CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("called without a command line");
    }
    return spec.commandLine();
  }
}
