package se.samflode.testing;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import se.samflode.demo.DemoIssuer;
import se.samflode.demo.DemoSystem;

/**
 * The packaged application as a process of its own, so that its processor time and memory can be
 * told from those of the regions and the callers. Its log goes to a file, as an operator's would.
 */
public final class ApplicationProcess implements AutoCloseable {

  /** Heap as an operator would give it: else the machine's size decides how much is used. */
  public static final String HEAP = "-Xmx512m";

  private static final Duration LONGEST_START = Duration.ofMinutes(3);

  private final Process process;
  private final Path log;
  private final int port;
  private final int managementPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Duration startUp;

  /**
   * Starts the jar in {@code target} and waits until it says that it is ready.
   *
   * @param settings of the application, without those of ports
   */
  public ApplicationProcess(Map<String, String> settings) throws IOException {
    this(settings, List.of("-jar", jar().toString()), FreePort.find());
  }

  /**
   * As the other, with a folder before what the jar holds, by the command of
   * docs/add-a-contract.md.
   */
  public ApplicationProcess(Map<String, String> settings, Path folder) throws IOException {
    this(
        settings,
        List.of(
            "-Dloader.path=" + folder,
            "-cp",
            jar().toString(),
            "org.springframework.boot.loader.launch.PropertiesLauncher"),
        FreePort.find());
  }

  /** As the other, on free ports. */
  public static ApplicationProcess node(String name, Map<String, String> settings)
      throws IOException {
    return node(name, settings, FreePort.find(), FreePort.find());
  }

  /**
   * One of several nodes: starts from the classes and jars of this class path, on given ports, with
   * a log of its own in {@code target}.
   *
   * @param name of the node, in its log's name
   */
  public static ApplicationProcess node(
      String name, Map<String, String> settings, int port, int managementPort) throws IOException {
    Path target = Files.createDirectories(Path.of("target"));
    String classPath = ClassPath.argument(target.resolve(name + ".class.path"), false);
    return new ApplicationProcess(
        settings,
        List.of(classPath, "se.samflode.SamflodeApplication"),
        target.resolve(name + ".log"),
        port,
        managementPort);
  }

  private ApplicationProcess(Map<String, String> settings, List<String> launch, int port)
      throws IOException {
    this(
        settings, launch, Path.of("target", "application-" + port + ".log"), port, FreePort.find());
  }

  private ApplicationProcess(
      Map<String, String> settings, List<String> launch, Path log, int port, int managementPort)
      throws IOException {
    this.log = log;
    this.port = port;
    this.managementPort = managementPort;
    List<String> command = new ArrayList<>();
    command.addAll(java());
    command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", HEAP));
    command.addAll(launch);
    command.addAll(List.of("--server.port=" + port, "--management.server.port=" + managementPort));
    settings.forEach((key, value) -> command.add("--" + key + "=" + value));
    long begun = System.nanoTime();
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ready = false;
    try {
      awaitReadiness();
      ready = true;
    } finally {
      if (!ready) {
        process.destroyForcibly();
      }
    }
    startUp = Duration.ofNanos(System.nanoTime() - begun);
  }

  private void awaitReadiness() {
    await()
        .atMost(LONGEST_START)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .failFast("the application ended; see " + log, () -> !process.isAlive())
        .until(() -> management("/actuator/health/readiness").statusCode() == 200);
  }

  /**
   * PostgreSQL with nothing turned off that durability needs, and the memory of a modest server.
   */
  public static EmbeddedPostgres durablePostgres() throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("shared_buffers", "2GB")
        .setServerConfig("maintenance_work_mem", "512MB")
        .setServerConfig("max_wal_size", "8GB")
        .setServerConfig("checkpoint_timeout", "15min")
        .start();
  }

  /** What the application must be told to run between a database and producers. */
  public static Map<String, String> settings(
      Path folder, DemoIssuer issuer, EmbeddedPostgres postgres, Path registry) throws IOException {
    Path key = Files.write(folder.resolve("key.pem"), issuer.publicKey().getContentAsByteArray());
    Map<String, String> settings = new HashMap<>();
    issuer
        .properties()
        .forEach((name, value) ->
            settings.put(name, value instanceof Resource ? "file:" + key : value.toString()));
    settings.put("spring.config.import", "file:src/test/resources/application-demo.yaml");
    settings.put("spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres"));
    settings.put("spring.datasource.username", "postgres");
    settings.put("samflode.producers.registry", "file:" + registry);
    settings.put("samflode.index.hsa-id", DemoSystem.INDEX);
    settings.put("samflode.producers.ramp", "0s");
    return settings;
  }

  /** Quiets everything of this process but the benchmarks. */
  public static void onlyLogFigures() {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    ((Logger) LoggerFactory.getLogger("se.samflode.bench")).setLevel(Level.INFO);
  }

  /** The middle of some figures, 1 or more. */
  public static double median(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** From the start of the process until it was ready for traffic. */
  public Duration startUp() {
    return startUp;
  }

  public URI uri() {
    return URI.create("http://localhost:" + port);
  }

  /** Ends the process at once, as a power failure would. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Processor time that the process has taken so far. */
  public Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** The process as the system knows it. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Memory that is resident now, MB; 0 where the system does not tell. */
  public long residentMegabytes() throws IOException {
    return residentMegabytes(process.toHandle());
  }

  /** Memory of any process that is resident now, MB; 0 where the system does not tell. */
  public static long residentMegabytes(ProcessHandle process) throws IOException {
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    }
  }

  /** What the heap holds after a full collection, MB. */
  public long liveHeapMegabytes() throws IOException, InterruptedException {
    new ProcessBuilder(tool("jcmd"), String.valueOf(process.pid()), "GC.run")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    return Math.round(metric("jvm_memory_used_bytes", "area=\"heap\"") / 1024 / 1024);
  }

  /** Calls to a region's producers that have not ended. */
  public long callsInFlight(String region) {
    return Math.round(metric("samflode_producer_in_flight", "producer=\"" + region + "-"));
  }

  /** How many of a region's producers are left alone, or called on trial. */
  public long openCircuits(String region) {
    return values("samflode_producer_circuit", "producer=\"" + region + "-")
        .filter(state -> state > 0)
        .count();
  }

  /** Items of a producer that broke their schema. */
  public long invalidItems(String producer) {
    return Math.round(metric("samflode_items_invalid_total", "producer=\"" + producer + "\""));
  }

  /** The sum of a metric over all its lines whose labels hold a text. */
  private double metric(String name, String label) {
    return values(name, label).sum();
  }

  private DoubleStream values(String name, String label) {
    return management("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{") && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))));
  }

  private HttpResponse<String> management(String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + managementPort + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while asking the application", e);
    }
  }

  public static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no jar in target: package first"));
    }
  }

  /** The JDK that runs, with the compiler that this JVM has been told to use. */
  static List<String> java() {
    List<String> command = new ArrayList<>(List.of(tool("java")));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-XX:TieredStopAtLevel"))
        .forEach(command::add);
    return command;
  }

  /** A program of the JDK that runs. */
  public static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /** Stops the process gracefully, and with force after 40 s. */
  @Override
  public void close() {
    http.close();
    process.destroy();
    try {
      if (!process.waitFor(40, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
