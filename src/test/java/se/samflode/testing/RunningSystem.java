package se.samflode.testing;

import java.time.LocalDate;
import java.util.Map;
import se.samflode.demo.DemoSystem;

/**
 * The whole system on free ports, started by the first test that asks and shared by all tests of
 * this JVM. A test that changes a region's behaviour restores it, and asks for residents of regions
 * that no other test counts calls of. Nothing is kept of what regions answer, so that every
 * question is a call; the cache has tests of its own.
 */
public final class RunningSystem {

  /** The seed of the data: the same in all tests. */
  public static final long SEED = 21;

  /** The day that the data's times are relative to. */
  public static final LocalDate START_DAY = LocalDate.of(2027, 1, 15);

  private RunningSystem() {}

  /** The running system. It stops with the JVM. */
  public static DemoSystem get() {
    return Holder.SYSTEM;
  }

  private static final class Holder {

    static final DemoSystem SYSTEM = start();

    private Holder() {}

    private static DemoSystem start() {
      DemoSystem system =
          DemoSystem.start(
              new DemoSystem.Settings(SEED, START_DAY, false),
              Map.of("samflode.cache.off-heap", "0B", "samflode.producers.ramp", "0s"));
      Runtime.getRuntime().addShutdownHook(new Thread(system::close, "stop-system"));
      return system;
    }
  }
}
