package se.samflode.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.FileSystemResource;
import se.samflode.config.InvalidFile;
import se.samflode.identity.LogicalAddress;

class ConsumersTest {

  private static final String TWO =
      """
      consumers:
        - hsaId: SE5565594230-1177
          name: Front end
          clientIds: [front, front-app]
          grants:
            - contracts: [GetSubjectOfCareSchedule 1]
              addresses: [SE2321000016-A001, SE2321000255-P1]
            - contracts: [GetCareDocumentation 3]
              addresses: ["*"]
          seesDenied: true
        - hsaId: SE2321000016-V1
          name: Viewer
          grants:
            - contracts: ["*"]
              addresses: [SE2321000016-A001]
          batch: true
      """;

  @TempDir private Path folder;

  @Test
  void knowsAConsumerByClientIdExactlyAndByHsaIdIgnoringCase() throws IOException {
    // given
    Consumers consumers = consumers(TWO);

    // when, then
    assertThat(consumers.byClientId("front-app")).map(Consumer::name).contains("Front end");
    assertThat(consumers.byClientId("Front")).isEmpty();
    assertThat(consumers.byClientId("unknown")).isEmpty();
    assertThat(consumers.byHsaId("se2321000016-v1")).map(Consumer::name).contains("Viewer");
    assertThat(consumers.byHsaId("SE2321000016-V2")).isEmpty();
  }

  @Test
  void hidesDeniedSourcesUnlessTheFileSaysOtherwise() throws IOException {
    // given
    Consumers consumers = consumers(TWO);

    // when, then
    assertThat(consumers.byClientId("front")).map(Consumer::seesDenied).contains(true);
    assertThat(consumers.byHsaId("SE2321000016-V1")).map(Consumer::seesDenied).contains(false);
  }

  @Test
  void worksForPeopleWhoWaitUnlessTheFileSaysOtherwise() throws IOException {
    // given
    Consumers consumers = consumers(TWO);

    // when, then
    assertThat(consumers.byClientId("front")).map(Consumer::batch).contains(false);
    assertThat(consumers.byHsaId("SE2321000016-V1")).map(Consumer::batch).contains(true);
    assertThat(consumers.anyBatchClient()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "GetSubjectOfCareSchedule 1, SE2321000016-A001, '', true",
    "getsubjectofcareschedule 1, se2321000016-a001, '', true",
    "GetSubjectOfCareSchedule 1, SE2321000255-B002, SE2321000255-P1, true",
    "GetSubjectOfCareSchedule 1, SE2321000255-B002, SE2321000255-P2, false",
    "GetSubjectOfCareSchedule 2, SE2321000016-A001, '', false",
    "GetCareDocumentation 3, SE9999999999-X, '', true",
    "GetDiagnosis 2, SE2321000016-A001, '', false",
  })
  void grantsExactlyByStarOrByParentAndNothingElse(
      String contract, String address, String parent, boolean granted) throws IOException {
    // given
    Consumer front = consumers(TWO).byClientId("front").orElseThrow();
    List<LogicalAddress> addresses =
        parent.isEmpty()
            ? List.of(new LogicalAddress(address))
            : List.of(new LogicalAddress(address), new LogicalAddress(parent));

    // when, then
    assertThat(front.isGranted(contract, addresses)).isEqualTo(granted);
  }

  @Test
  void followsAChangeOfTheFileAndKeepsTheOldListWhenTheNewOneIsBad() throws IOException {
    // given
    Consumers consumers = consumers(TWO);

    // when
    write(TWO.replace("front-app", "another-app"));
    consumers.reread();

    // then
    assertThat(consumers.byClientId("another-app")).isPresent();
    assertThat(consumers.byClientId("front-app")).isEmpty();

    // when
    write("consumers: []");
    consumers.reread();

    // then
    assertThat(consumers.byClientId("another-app")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SE2321000016-V1|SE5565594230-1177|consumers[1].hsaId: the HSA-id stands twice",
        "SE2321000016-V1|se5565594230-1177|consumers[1].hsaId: write an HSA-id",
        "SE2321000016-V1|SE2321000016-Å1|consumers[1].hsaId: write an HSA-id",
        "SE2321000016-V1|SE2321000016-12345678901234567890|consumers[1].hsaId: write an HSA-id",
        "name: Viewer|name: ' '|consumers[1].name: write 1 to 200 characters",
        "name: Viewer|clientIds: [front]|consumers[1].name",
        "'[front, front-app]'|'[front, front]'|consumers[0].clientIds: an entry stands twice",
        "GetSubjectOfCareSchedule 1|GetSubjectOfCareSchedule|grants.contracts: write a contract",
        "SE2321000255-P1|a b|grants.addresses: write an HSA-id or *",
        "seesDenied|seesdenied|seesdenied",
        "consumers:|consumer:|consumer",
      })
  void refusesABadFileAndNamesThePlace(String from, String to, String problem) throws IOException {
    // given
    String bad = TWO.replace(from, to);
    assertThat(bad).isNotEqualTo(TWO);

    // when, then
    assertThatThrownBy(() -> consumers(bad))
        .isInstanceOf(InvalidFile.class)
        .hasMessageContaining("consumers.yaml")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SE165565594230-1000", "T_SERVICES_SE165565594230-1023", "HSASERVICES-106J"})
  void takesEveryFormOfAnHsaId(String hsaId) throws IOException {
    assertThat(consumers(TWO.replace("SE2321000016-V1", hsaId)).byHsaId(hsaId)).isPresent();
  }

  @Test
  void refusesAClientIdOfTwoConsumers() {
    // given
    String bad = TWO.replace("name: Viewer", "name: Viewer\n    clientIds: [front]");

    // when, then
    assertThatThrownBy(() -> consumers(bad))
        .isInstanceOf(InvalidFile.class)
        .hasMessageContaining("consumers[1].clientIds: the client id stands twice");
  }

  @Test
  void stopsTheStartWithAClearSentenceWhenNoFileIsSet() {
    new ApplicationContextRunner()
        .withUserConfiguration(Settings.class)
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageContaining("set samflode.consumers to the YAML file"));
  }

  @EnableConfigurationProperties(ConsumersSettings.class)
  static class Settings {}

  private Consumers consumers(String content) throws IOException {
    return new Consumers(new ConsumersSettings(new FileSystemResource(write(content))));
  }

  private Path write(String content) throws IOException {
    return Files.writeString(folder.resolve("consumers.yaml"), content);
  }
}
