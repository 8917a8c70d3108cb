package se.samflode.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.demo.DemoIssuer;
import se.samflode.mockregions.MockRegions;
import se.samflode.testing.ApplicationProcess;

/**
 * How long the packaged application takes to start with the registry of all mock regions, and what
 * it then holds. Docs: docs/benchmarks.md.
 */
class StartUpBenchmark {

  private static final Logger LOG = LoggerFactory.getLogger(StartUpBenchmark.class);
  private static final int STARTS = 5;

  @TempDir private Path files;

  @BeforeAll
  static void onlyTheFiguresAreLogged() {
    ApplicationProcess.onlyLogFigures();
  }

  @Test
  void tellsTimeAndMemoryOfAStart() throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      Map<String, String> settings =
          ApplicationProcess.settings(
              files, new DemoIssuer(), postgres, MockRegions.FOLDER.resolve("producers.yaml"));
      // The first start makes the tables; it is not one of those counted.
      for (int start = 0; start <= STARTS; start++) {
        try (ApplicationProcess application = new ApplicationProcess(settings)) {
          double taken = application.startUp().toMillis() / 1e3;
          if (start > 0) {
            seconds.add(taken);
          }
          LOG.info(
              "start {}: ready after {} s, {} s of processor time; resident {} MB, heap after a"
                  + " full collection {} MB",
              start,
              taken,
              application.processorTime().toMillis() / 1e3,
              application.residentMegabytes(),
              application.liveHeapMegabytes());
        }
      }
    }
    LOG.info("start-up: median {} s of {} starts", ApplicationProcess.median(seconds), STARTS);
    assertThat(seconds).hasSize(STARTS);
  }
}
