package se.samflode.commands;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import se.samflode.index.BulkLoad;
import se.samflode.index.IdentityLinks;
import se.samflode.index.IdentityLinks.Mandate;
import se.samflode.index.IndexReport;

/** What may be typed behind {@code index}. For one call. */
@Command(
    name = "index",
    description = "Work on the engagement index, on its database. Docs: docs/operations.md.")
final class IndexCommands extends CommandGroup {

  private final Consumer<Consumer<ApplicationContext>> context;

  /**
   * @param context runs work with the beans that it needs
   */
  IndexCommands(Consumer<Consumer<ApplicationContext>> context) {
    this.context = context;
  }

  @Command(
      name = "load",
      description =
          "Loads files of engagements. If it is stopped, the same command goes on where it was.")
  void load(
      @Parameters(arity = "1..*", paramLabel = "FILE", description = "CSV in UTF-8.")
          List<Path> files,
      @Option(
              names = "--into-empty",
              description =
                  "The index is empty and Samflöde does not run: indexes are made at the end.")
          boolean intoEmpty,
      @Option(names = "--again", description = "Loads files again that have been loaded.")
          boolean again,
      @Option(
              names = "--max-refused",
              defaultValue = "0",
              description = "Lines of a file that may break a rule and are left out; default 0.")
          long maxRefused) {
    if (maxRefused < 0) {
      throw new CommandLine.ParameterException(
          commandLine(), "--max-refused is a number of lines, 0 or more.");
    }
    context.accept(beans -> {
      try (LoadDisplay display = new LoadDisplay(commandLine().getErr(), System.console())) {
        beans
            .getBean(BulkLoad.class)
            .load(files, new BulkLoad.Options(intoEmpty, again, maxRefused), display);
      }
    });
  }

  @Command(
      name = "report",
      description = "Counts rows and residents per source system and service domain, as CSV.")
  void report(
      @Option(names = "--source-system", description = "One only; default: all.")
          @Nullable String sourceSystem) {
    context.accept(beans -> {
      CsvWriter csv = CsvWriter.builder().bufferSize(0).build(commandLine().getOut());
      csv.writeRecord("sourceSystem", "serviceDomain", "rows", "residents", "lastUpdate");
      for (IndexReport.Line line : beans.getBean(IndexReport.class).count(sourceSystem)) {
        csv.writeRecord(
            line.sourceSystem(),
            line.serviceDomain(),
            String.valueOf(line.rows()),
            String.valueOf(line.residents()),
            String.valueOf(line.lastUpdate()));
      }
      commandLine().getOut().flush();
    });
  }

  @Command(
      name = "link",
      description = "Links old identities to newer ones of the same persons, by a file.")
  void link(
      @Parameters(paramLabel = "FILE", description = "CSV: identity,linkedTo.") Path file,
      @Option(names = "--by", required = true, description = "Who does it.") String by,
      @Option(names = "--reason", required = true, description = "Why.") String reason) {
    context.accept(beans ->
        told(beans.getBean(IdentityLinks.class).link(file, new Mandate(by, reason)) + " linked"));
  }

  @Command(name = "unlink", description = "Takes links between identities away, by a file.")
  void unlink(
      @Parameters(paramLabel = "FILE", description = "CSV: identity,linkedTo.") Path file,
      @Option(names = "--by", required = true, description = "Who does it.") String by,
      @Option(names = "--reason", required = true, description = "Why.") String reason) {
    context.accept(beans ->
        told(
            beans.getBean(IdentityLinks.class).unlink(file, new Mandate(by, reason))
                + " unlinked"));
  }

  private void told(String text) {
    PrintWriter out = commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
