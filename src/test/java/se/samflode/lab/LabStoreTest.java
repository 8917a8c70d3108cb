package se.samflode.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static se.samflode.lab.OruMessage.RESIDENT;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import se.samflode.access.ListedSenders;
import se.samflode.access.Sender;
import se.samflode.identity.LogicalAddress;

class LabStoreTest {

  @Test
  void anAnswerIsOfTheTypesOfAllItsOrdersAndAnalyses() throws LabRejected {
    // given
    OruMessage message =
        OruMessage.of(RESIDENT)
            .add("OBX|1|NM|NPU28309^B-Hemoglobin^NPU||134|g/L|||||F")
            .add("OBR|2|P-1|L-1|GEN^Genetik^L|||20270115080000|||||||||||||||20270115100000||LAB|F")
            .add("OBX|1|ST|HLA^HLA-B27^L||Positiv||||||F");
    Sender sender =
        new Sender(
            "lab",
            "Lab",
            Set.of(),
            Set.of(),
            false,
            List.of(
                new Sender.SourceSystem(
                    new LogicalAddress("SE5565594230-LAB2"),
                    "Lab",
                    "SE2321000016-0001",
                    List.of())));
    Hl7Results format =
        new Hl7Results(ListedSenders.of(Path.of("mock-regions/senders.yaml")), Clock.systemUTC());

    // when
    LabReport report =
        format
            .read(new Delivery(sender, Delivery.Way.MLLP, Delivery.Format.HL7_V2, message.bytes()))
            .reports()
            .getFirst();

    // then
    assertThat(RecordVersions.types(report))
        .contains("KEMI", "Klinisk kemi", "LAB", "NPU28309", "B-Hemoglobin")
        .contains("GEN", "Genetik", "HLA", "HLA-B27");
  }

  @Test
  void aRejectionTellsTheControlId() {
    // given
    OruMessage message = OruMessage.of(RESIDENT).with("MSH", 12, "2.9");
    Hl7Results format =
        new Hl7Results(ListedSenders.of(Path.of("mock-regions/senders.yaml")), Clock.systemUTC());

    // when, then
    assertThatExceptionOfType(LabRejected.class)
        .isThrownBy(() ->
            format.read(
                new Delivery(
                    ListedSenders.of(Path.of("mock-regions/senders.yaml")).all().iterator().next(),
                    Delivery.Way.MLLP,
                    Delivery.Format.HL7_V2,
                    message.bytes())))
        .satisfies(e -> assertThat(e.messageId()).isEqualTo("M1"));
  }
}
