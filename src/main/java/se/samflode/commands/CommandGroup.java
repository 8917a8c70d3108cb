package se.samflode.commands;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Commands that share what stands before them. For one call. */
@Command(
    footer = "Settings are given as for the application, such as --spring.datasource.url=...",
    synopsisSubcommandLabel = "COMMAND")
abstract class CommandGroup implements Runnable {

  @Spec private @Nullable CommandSpec spec;

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
