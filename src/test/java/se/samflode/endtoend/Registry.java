package se.samflode.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.samflode.producer.Producers;
import se.samflode.testing.RunningSystem;

/** The registry file of the running system, changed by a test and put back at its end. */
final class Registry implements AutoCloseable {

  private final Path file = RunningSystem.get().registry();
  private final String original;

  Registry() {
    try {
      original = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String original() {
    return original;
  }

  /** The original with other values behind one of a producer's keys. */
  static String with(String text, String producer, String key, String value) {
    Matcher entry =
        Pattern.compile("(- id: " + producer + "\\n(?: {4}.*\\n)*? {4}" + key + ": ).*\\n")
            .matcher(text);
    if (!entry.find()) {
      throw new IllegalArgumentException(producer + " has no " + key);
    }
    return entry.replaceFirst("$1" + Matcher.quoteReplacement(value) + "\n");
  }

  /** The original and one more producer. */
  String withProducer(String id, String url, String address, String timeouts) {
    return original + producer(id, url, address, timeouts, "GetSubjectOfCareSchedule 1");
  }

  /** The entry of a producer of one contract. */
  static String producer(String id, String url, String address, String timeouts, String contract) {
    return """
      - id: %s
        region: extra
        name: Region Extra, tidbok
        url: %s
        dialect: rivtabp21
        addresses: [%s]
        contracts: [%s]
        timeouts: %s
        limits: { callsInFlight: 50, callsPerSecond: 200 }
        breaker: { calls: 1000 }
    """
        .formatted(id, url, address, contract, timeouts);
  }

  /** Replaces the file in one step, and has it read now rather than within a second. */
  void write(String text) {
    put(text);
    RunningSystem.get().application().getBean(Producers.class).reread();
  }

  /** Replaces the file in one step; the application notices by itself. */
  void put(String text) {
    try {
      Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    write(original);
  }
}
