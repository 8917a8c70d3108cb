package se.samflode.commands;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import se.samflode.index.LoadProgress;
import se.samflode.index.LoadedFile;

/** Shows a load: a bar at a terminal, elsewhere a line a minute. For one load. */
final class LoadDisplay implements LoadProgress, AutoCloseable {

  private static final long MEGABYTE = 1_000_000;
  private static final Duration LINE_EVERY = Duration.ofMinutes(1);

  private final PrintWriter out;
  private final boolean terminal;
  private @Nullable ProgressBar bar;
  private String file = "";
  private long bytes;
  private long rowsBefore;
  private long begun;
  private long lastLine;

  LoadDisplay(PrintWriter out, @Nullable Console console) {
    this.out = out;
    this.terminal = console != null && console.isTerminal();
  }

  @Override
  public void recognising(String name) {
    file = name;
    tell(name + ": reading it, to know whether it has been loaded before");
  }

  @Override
  public void passedBy(String name) {
    tell(name + ": has been loaded to its end before. To load it once more: --again");
  }

  @Override
  public void began(String name, long size, long before) {
    bytes = size;
    rowsBefore = before;
    begun = System.nanoTime();
    lastLine = begun;
    tell(name + ": loading" + (before > 0 ? ", from behind the " + before + " rows stored" : ""));
    openBar(name, size, " MB", MEGABYTE);
  }

  @Override
  public void refused(long line, String rule) {
    tell(file + ", line " + line + ": " + rule);
  }

  @Override
  public void advanced(long read, long rows) {
    String speed = rows + " rows, " + perSecond(rows) + " rows/s";
    if (bar != null) {
      bar.stepTo(read);
      bar.setExtraMessage(speed);
    } else if (System.nanoTime() - lastLine >= LINE_EVERY.toNanos()) {
      lastLine = System.nanoTime();
      tell(file + ": " + (bytes == 0 ? 100 : read * 100 / bytes) + " %, " + speed);
    }
  }

  @Override
  public void ended(LoadedFile loaded) {
    closeBar();
    tell(
        "%s: %d rows stored, %d of them new or changed in this run, %d lines left out, %d rows/s"
            .formatted(
                file, loaded.rows(), loaded.changed(), loaded.refused(), perSecond(loaded.rows())));
  }

  @Override
  public void indexing(int made, int all) {
    if (made == 0) {
      begun = System.nanoTime();
      tell("making the indexes");
      openBar("indexes", all, "", 1);
    }
    if (bar != null) {
      bar.stepTo(made);
    }
  }

  @Override
  public void indexed(long duplicates) {
    closeBar();
    tell(
        String.format(
            Locale.ROOT,
            "indexes made in %d s; %d rows dropped, since a later row has their key."
                + " Samflöde can be started",
            Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
            duplicates));
  }

  private void openBar(String name, long max, String unit, long unitSize) {
    closeBar();
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(max)
              .setUnit(unit, unitSize)
              .setStyle(ProgressBarStyle.ASCII)
              .build();
    }
  }

  private void closeBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  private long perSecond(long rows) {
    return Math.round((rows - rowsBefore) * 1e9 / Math.max(1, System.nanoTime() - begun));
  }

  private void tell(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void close() {
    closeBar();
  }
}
