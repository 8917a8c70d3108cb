package se.samflode.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static se.samflode.exchange.NotifyingNode.RESIDENT;
import static se.samflode.exchange.NotifyingNode.add;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import se.samflode.testing.KafkaBroker;
import se.samflode.testing.KafkaPeer;
import se.samflode.testing.TestDatabase;

/** A broker where nobody may do more than the commands of docs/operations.md give. */
@ExtendWith(OutputCaptureExtension.class)
class KafkaAccessIT {

  private static final String US = "samflode";
  private static final String SENDER = "norrlab";
  private static final String READER = "journal-viewer";
  private static final String CHANGES = "engagement-changes.v1";
  private static final String UPDATES = "engagement-updates.v1." + SENDER;
  private static final String RECEIPTS = "engagement-receipts.v1." + SENDER;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void isEnoughForUsAndKeepsOthersOut(CapturedOutput output) throws Exception {
    // given
    try (KafkaBroker broker =
        new KafkaBroker(folder.resolve("broker"), List.of(US, SENDER, READER))) {
      for (String topic : List.of(CHANGES, UPDATES, RECEIPTS)) {
        broker.createTopic(topic, 1, Map.of());
      }
      try (Admin admin = broker.admin()) {
        admin.createAcls(documented()).all().get();
      }
      Path senders = folder.resolve("senders.yaml");
      Files.writeString(
          senders,
          """
          controllers: [{ id: SE2321000016-0001, name: Region, retention: 100d }]
          senders:
            - id: norrlab
              name: Norrlab
              kafka: true
              sourceSystems: [{ id: SE2321000016-S001, name: It, dataController: SE2321000016-0001 }]
          """);
      Map<String, String> settings = new HashMap<>();
      settings.put("samflode.senders", senders.toUri().toString());
      settings.put("samflode.kafka.brokers", broker.address());
      broker
          .settings(US)
          .forEach((name, value) -> settings.put("samflode.kafka.properties." + name, value));
      try (NotifyingNode node = new NotifyingNode(TestDatabase.create().url(), settings);
          KafkaPeer sender = KafkaPeer.as(SENDER, broker, RECEIPTS);
          KafkaPeer reader = KafkaPeer.as(READER, broker, CHANGES)) {

        // when
        sender.send(UPDATES, "k", "r", "[]".getBytes(UTF_8));
        node.update(add(RESIDENT, "b1", "20261124093000"));

        // then
        await().atMost(PATIENCE).until(() -> sender.read(RECEIPTS).size() == 1);
        await().atMost(PATIENCE).until(() -> reader.read(CHANGES).size() == 1);
        assertThat(node.health("kafka").body()).contains("\"status\":\"UP\"");
        assertThatThrownBy(() -> reader.send(UPDATES, "k", "r", "[]".getBytes(UTF_8)))
            .hasRootCauseInstanceOf(TopicAuthorizationException.class);
        assertThat(output).doesNotContain(KafkaBroker.password(US));
      }
    }
  }

  /** What the commands that add access add. */
  private static List<AclBinding> documented() throws IOException {
    List<AclBinding> bindings = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("docs/operations.md"))) {
      if (line.startsWith("kafka-acls.sh $B --add ")) {
        String topic = option(line, "topic");
        ResourcePattern resource =
            new ResourcePattern(
                topic.isEmpty() ? ResourceType.GROUP : ResourceType.TOPIC,
                topic.isEmpty() ? option(line, "group") : topic,
                line.contains("--resource-pattern-type prefixed")
                    ? PatternType.PREFIXED
                    : PatternType.LITERAL);
        Arrays.stream(line.split("--operation ", -1))
            .skip(1)
            .map(rest -> AclOperation.fromString(rest.split(" ", -1)[0]))
            .forEach(operation ->
                bindings.add(
                    new AclBinding(
                        resource,
                        new AccessControlEntry(
                            option(line, "allow-principal"),
                            "*",
                            operation,
                            AclPermissionType.ALLOW))));
      }
    }
    assertThat(bindings).hasSizeGreaterThan(10);
    return bindings;
  }

  private static String option(String line, String name) {
    return Pattern.compile("--" + name + " (\\S+)")
        .matcher(line)
        .results()
        .map(found -> found.group(1))
        .findFirst()
        .orElse("");
  }
}
