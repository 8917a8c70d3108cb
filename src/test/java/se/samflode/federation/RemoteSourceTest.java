package se.samflode.federation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.samflode.config.InvalidFile;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.Interaction;

class RemoteSourceTest {

  private final Contracts contracts = new Contracts();

  @Test
  void everyContractOfAKindHasAReader() {
    contracts.all().forEach(RemoteSource::requireReader);
  }

  @ParameterizedTest
  @CsvSource({
    "diagnoses, 77, there is no reader of GetDiagnosis 77 for the kind diagnoses",
    "allergies, 2, there is no kind allergies",
  })
  void aKindWithoutItemsIsRefused(String kind, int major, String problem) {
    // given
    Contract diagnoses = contracts.named("GetDiagnosis 2");
    Interaction known = diagnoses.interaction();
    Contract other =
        new Contract(
            new Interaction(known.domain(), known.operation(), major, known.minor(), null),
            kind,
            diagnoses.index(),
            diagnoses.called(),
            diagnoses.core(),
            diagnoses.request(),
            diagnoses.item(),
            diagnoses.result(),
            diagnoses.more(),
            diagnoses.freshness(),
            diagnoses.limits(),
            diagnoses.timeouts());

    // then
    assertThatThrownBy(() -> RemoteSource.requireReader(other))
        .isInstanceOf(InvalidFile.class)
        .hasMessageContaining("contract.yaml")
        .hasMessageContaining(problem)
        .hasMessageContaining("leave kind out");
  }
}
