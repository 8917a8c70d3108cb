package se.samflode.commands;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What may be typed behind the jar. For one call. */
@Command(
    name = "samflode",
    description = "Commands on Samflöde's database. Docs: docs/operations.md, Commands.")
final class AllCommands extends CommandGroup {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Shows this.")
  // Picocli acts on it.
  @SuppressWarnings("UnusedVariable")
  private boolean help;
}
