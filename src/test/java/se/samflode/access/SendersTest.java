package se.samflode.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.FileSystemResource;
import se.samflode.config.InvalidFile;
import se.samflode.identity.LogicalAddress;

class SendersTest {

  private static final String TWO =
      """
      controllers:
        - id: SE2321000016-0001
          name: Region Stockholm
          retention: 3650d
      senders:
        - id: lab-one
          name: Lab one
          clientIds: [lab-one-client]
          certificates: ["cn=lis.example,O=Lab One,C=SE"]
          sourceSystems:
            - id: SE5560000001-LAB1
              name: Lab one
              dataController: SE2321000016-0001
              release:
                - types: [genetik, "24641-2"]
                  after: 14d
        - id: lab-two
          name: Lab two
          kafka: true
          sourceSystems:
            - id: SE5560000002-LAB2
              name: Lab two
              dataController: SE2321000016-0001
      """;

  @TempDir private Path folder;

  @Test
  void knowsASenderByWhateverProvesIt() throws IOException {
    // given
    Senders senders = senders(TWO);

    // when, then
    assertThat(senders.byClientId("lab-one-client")).map(Sender::id).contains("lab-one");
    assertThat(senders.byClientId("Lab-one-client")).isEmpty();
    assertThat(senders.byCertificate(new X500Principal("CN=LIS.example, O=Lab  One,C=SE")))
        .map(Sender::id)
        .contains("lab-one");
    assertThat(senders.byCertificate(new X500Principal("CN=other,O=Lab One,C=SE"))).isEmpty();
    assertThat(senders.byId("lab-two")).map(Sender::kafka).contains(true);
    assertThat(senders.pushing(new LogicalAddress("se5560000002-lab2")))
        .map(pushing -> pushing.sender().id())
        .contains("lab-two");
  }

  @Test
  void letsASenderPushForItsOwnSourceSystemsOnly() throws IOException {
    // given
    Sender one = senders(TWO).byId("lab-one").orElseThrow();

    // when, then
    assertThat(one.sourceSystem("se5560000001-lab1")).isPresent();
    assertThat(one.sourceSystem("SE5560000002-LAB2")).isEmpty();
  }

  @Test
  void holdsBackWhatARuleNames() throws IOException {
    // given
    Sender.SourceSystem system =
        senders(TWO).byId("lab-one").orElseThrow().sourceSystems().getFirst();

    // when, then
    assertThat(system.heldBack(Set.of("kemi", "24641-2"))).isEqualTo(Duration.ofDays(14));
    assertThat(system.heldBack(Set.of("kemi"))).isZero();
  }

  @Test
  void nobodyMayPushWithoutAFile() {
    // given
    Senders senders = new Senders(new SendersSettings(null));

    // when, then
    assertThat(senders.all()).isEmpty();
    senders.reread();
    assertThat(senders.byClientId("lab-one-client")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id: lab-two|id: lab-one|senders[1].id: the sender stands twice",
        "id: lab-two|id: Lab2|senders[1].id: write 1 to 40 lower-case letters",
        "SE5560000002-LAB2|se5560000001-LAB1|sourceSystems[0].id: the source system stands twice",
        "dataController: SE2321000016-0001|dataController: SE1|dataController: name one of the",
        "cn=lis.example,O=Lab One,C=SE|lis.example|certificates: write the subject of a",
        "kafka: true|certificates: [\"CN=LIS.example, O=Lab  One, C=SE\"]"
            + "|senders[1].certificates: the certificate stands twice",
        "after: 14d|after: 366d|after: write a duration of 1s to 365d",
        "retention: 3650d|retention: 3650|write a duration with its unit",
        "retention: 3650d|retention: 0s|controllers[0].retention: write a duration of 1d to 36500d",
        "retention: 3650d|retention: 1s|controllers[0].retention: write a duration of 1d to 36500d",
        "kafka: true|topic: true|topic",
      })
  void refusesABadFileAndNamesThePlace(String from, String to, String problem) throws IOException {
    // given
    String bad = TWO.replace(from, to);
    assertThat(bad).isNotEqualTo(TWO);

    // when, then
    assertThatThrownBy(() -> senders(bad))
        .isInstanceOf(InvalidFile.class)
        .hasMessageContaining("senders.yaml")
        .hasMessageContaining(problem);
  }

  private Senders senders(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("senders.yaml"), content);
    return new Senders(new SendersSettings(new FileSystemResource(file)));
  }
}
