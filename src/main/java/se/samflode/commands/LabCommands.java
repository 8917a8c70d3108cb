package se.samflode.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import se.samflode.lab.LabKeeping;

/** What may be typed behind {@code labs}. For one call. */
@Command(
    name = "labs",
    description = "Work on the results that labs have pushed. Docs: docs/labs.md.")
final class LabCommands extends CommandGroup {

  private final Consumer<Consumer<ApplicationContext>> context;

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

  @Command(
      name = "export",
      description =
          "Hands out every version of every answer, and rejected messages, one JSON object on a"
              + " line.")
  void export(@Mixin Whose whose) {
    context.accept(beans -> {
      PrintWriter out = commandLine().getOut();
      LabKeeping.Count count = beans.getBean(LabKeeping.class).export(whose.order(), out::println);
      out.flush();
      told(count.answers() + " versions, " + count.rejected() + " rejected messages");
    });
  }

  @Command(
      name = "erase",
      description = "Erases answers with all their versions, and rejected messages.")
  void erase(@Mixin Whose whose) {
    context.accept(beans -> {
      LabKeeping.Count count = beans.getBean(LabKeeping.class).erase(whose.order());
      told(count.answers() + " answers, " + count.rejected() + " rejected messages erased");
    });
  }

  /** Beside what is handed out. */
  private void told(String text) {
    PrintWriter err = commandLine().getErr();
    err.println(text);
    err.flush();
  }
}
