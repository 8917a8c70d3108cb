package se.samflode.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker that is its own controller (KRaft), as a process of its own with the jars of this
 * class path. Keeps its folder and its port over {@link #stop}, {@link #kill} and {@link #start}.
 * Topics come into being only by {@link #createTopic}. For one thread.
 */
public final class KafkaBroker implements AutoCloseable {

  private static final String ADMIN = "admin";
  private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule";
  private static final Duration LONGEST_START = Duration.ofMinutes(1);

  private final Path folder;
  private final int port = FreePort.find();
  private final Path log;
  private final String classPath;
  private @Nullable Process process;

  private final List<String> users;

  /**
   * Formats a folder and starts the broker on it; everybody may do everything.
   *
   * @param folder where it keeps its data, empty
   */
  public KafkaBroker(Path folder) throws IOException {
    this(folder, List.of());
  }

  /**
   * As the other, but only users may do something, with {@link #settings}, and only what they have
   * been given.
   *
   * @param users their names; none: everybody may do everything
   */
  public KafkaBroker(Path folder, List<String> users) throws IOException {
    this.users = List.copyOf(users);
    this.folder = Files.createDirectories(folder);
    this.log = Files.createDirectories(Path.of("target")).resolve("kafka-broker-" + port + ".log");
    write("broker.properties", properties());
    write("logback.xml", LOGBACK);
    classPath = ClassPath.argument(folder.resolve("class.path"), true);
    Process format =
        java(
            "kafka.tools.StorageTool",
            "format",
            "--standalone",
            "-t",
            "samflodeAAAAAAAAAAAAAA",
            "-c",
            folder.resolve("broker.properties").toString());
    if (format.onExit().join().exitValue() != 0) {
      throw new IOException("the broker's folder was not formatted; see " + log);
    }
    start();
  }

  private static final String LOGBACK =
      """
      <configuration>
        <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d %-5level %logger{30} %msg%n</pattern></encoder>
        </appender>
        <root level="WARN"><appender-ref ref="OUT"/></root>
      </configuration>
      """;

  private String properties() {
    int controller = FreePort.find();
    return """
    process.roles=broker,controller
    node.id=1
    controller.quorum.bootstrap.servers=localhost:%2$d
    controller.listener.names=CONTROLLER
    listeners=CLIENTS://localhost:%1$d,CONTROLLER://localhost:%2$d
    advertised.listeners=CLIENTS://localhost:%1$d,CONTROLLER://localhost:%2$d
    inter.broker.listener.name=CLIENTS
    log.dirs=%3$s
    auto.create.topics.enable=false
    offsets.topic.replication.factor=1
    offsets.topic.num.partitions=1
    transaction.state.log.replication.factor=1
    transaction.state.log.min.isr=1
    group.initial.rebalance.delay.ms=0
    %4$s
    """
        .formatted(
            port,
            controller,
            folder.resolve("data").toString().replace('\\', '/'),
            users.isEmpty() ? OPEN : closed());
  }

  private static final String OPEN =
      "listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT";

  private String closed() {
    String known =
        Stream.concat(Stream.of(ADMIN), users.stream())
            .map(user -> "user_%s=\"%s\"".formatted(user, password(user)))
            .collect(Collectors.joining(" "));
    return """
    listener.security.protocol.map=CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
    sasl.enabled.mechanisms=PLAIN
    sasl.mechanism.inter.broker.protocol=PLAIN
    listener.name.clients.plain.sasl.jaas.config=%s required username="%s" password="%s" %s;
    authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
    allow.everyone.if.no.acl.found=false
    super.users=User:%s;User:ANONYMOUS
    """
        .formatted(LOGIN, ADMIN, password(ADMIN), known, ADMIN);
  }

  /** Nothing that is kept anywhere: the user's name, backwards. */
  public static String password(String user) {
    return new StringBuilder(user).reverse().toString();
  }

  /** What a client needs, beside the address, to be a user; nothing where there are none. */
  public Map<String, String> settings(String user) {
    return users.isEmpty()
        ? Map.of()
        : Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "%s required username=\"%s\" password=\"%s\";".formatted(LOGIN, user, password(user)));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private Process java(String main, String... arguments) throws IOException {
    List<String> command = ApplicationProcess.java();
    command.add("-Xmx256m");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Dlogback.configurationFile=" + folder.resolve("logback.xml"));
    command.add(classPath);
    command.add(main);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** What a client connects to. */
  public String address() {
    return "localhost:" + port;
  }

  /** The process as the system knows it. */
  public ProcessHandle handle() {
    return Objects.requireNonNull(process).toHandle();
  }

  /** Starts it, if it does not run, and waits until it answers. */
  public void start() {
    if (process != null && process.isAlive()) {
      return;
    }
    try {
      process = java("kafka.Kafka", folder.resolve("broker.properties").toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean answers = false;
    try (Admin admin = admin()) {
      answers =
          !admin
              .describeCluster()
              .nodes()
              .get(LONGEST_START.toSeconds(), TimeUnit.SECONDS)
              .isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the broker does not answer; see " + log, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      if (!answers) {
        kill();
      }
    }
  }

  /** An administrator's connection; the caller closes it. */
  public Admin admin() {
    Properties properties = new Properties();
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address());
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "60000");
    properties.putAll(settings(ADMIN));
    return Admin.create(properties);
  }

  /**
   * Makes a topic.
   *
   * @param settings of the topic, over the broker's
   */
  public void createTopic(String name, int partitions, Map<String, String> settings) {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
          .all()
          .get(1, TimeUnit.MINUTES);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the topic was not made", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Deletes a topic. */
  public void deleteTopic(String name) {
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(name)).all().get(1, TimeUnit.MINUTES);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the topic was not deleted", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** How many records a topic has got. */
  public long records(String topic) {
    try (Admin admin = admin()) {
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get(1, TimeUnit.MINUTES)
          .values()
          .forEach(described ->
              described
                  .partitions()
                  .forEach(one ->
                      ends.put(new TopicPartition(topic, one.partition()), OffsetSpec.latest())));
      return admin.listOffsets(ends).all().get(1, TimeUnit.MINUTES).values().stream()
          .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
          .sum();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the topic cannot be looked at", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it at once, as a power failure would. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  /** Ends it as an operator would, and with force after 30 s. */
  public void stop() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  /** Kills it; the folder stays. */
  @Override
  public void close() {
    kill();
  }
}
