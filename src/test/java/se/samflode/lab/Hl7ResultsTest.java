package se.samflode.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;
import static se.samflode.lab.OruMessage.RESIDENT;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import se.samflode.access.ListedSenders;
import se.samflode.access.Sender;
import se.samflode.access.Sender.SourceSystem;
import se.samflode.identity.LogicalAddress;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.LabReport.Analysis;
import se.samflode.lab.LabReport.Attachment;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Finding;
import se.samflode.lab.LabReport.Group;
import se.samflode.lab.LabReport.Party;
import se.samflode.lab.LabReport.Range;
import se.samflode.lab.LabReport.Value;

class Hl7ResultsTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2027-01-15T10:00:00Z"), ZoneOffset.UTC);
  private static final String SOURCE = "SE5565594230-LAB2";
  private static final String OTHER_RESIDENT = "202312302397";
  private static final Sender LAB = sender(SOURCE);

  private static final Hl7Results FORMAT =
      new Hl7Results(ListedSenders.of(Path.of("mock-regions/senders.yaml")), CLOCK);

  @Test
  void readsAWholeAnswer() throws LabRejected {
    // given
    OruMessage message =
        new OruMessage()
            .add("MSH|^~\\&|se5565594230-lab2|Götalab^1.2.3^ISO|||20270115101500||ORU^R01|M1|P|2.5")
            .add("PID|1||X1^^^LOCAL~" + RESIDENT + "^^^^NNSWE")
            .add("NTE|1||Ring mottagningen")
            .add("PV1|1|O")
            .add("ORC|RE|P-1|L-1|||||||||D1^Doktor^Dora|||||VC^Vårdcentral Söder")
            .add(
                "OBR|1|P-1|L-1|KEMI^Klinisk kemi^L||20270114120000|20270115080000||||||Trötthet"
                    + "|||||||||20270115100000+0100||CH|F||||||Z01^Kontroll|A7&Berg&Bo")
            .add("NTE|1||Fastande")
            .add(
                "OBX|1|NM|NPU28309^B-Hemoglobin^NPU||134.0|g/L^g/L^UCUM|117-153|H~A|||F|||"
                    + "20270115081500|SE5565594230-U1^Kemlab|B2^Blom^Bea|SYS^Sysmex")
            .add("NTE|1||Rad ett~Rad två")
            .add("SPM|1|P9^F9||SVB^Venblod^L||||ARM^Arm||||||Hemolys|||20270115081500");

    // when
    LabReport report = one(message.bytes(UTF_8));

    // then
    assertThat(report.sourceSystem()).isEqualTo(SOURCE);
    assertThat(report.recordId()).isEqualTo("L-1");
    assertThat(report.sequence()).isNull();
    assertThat(report.status()).isEqualTo(ReportStatus.FINAL);
    assertThat(report.time()).isEqualTo("2027-01-15T09:00:00Z");
    assertThat(report.resident()).isEqualTo(RESIDENT);
    assertThat(report.residentOid()).isEqualTo("1.2.752.129.2.1.3.1");
    assertThat(report.type()).isEqualTo(new Coded("KEMI", "L", "Klinisk kemi"));
    assertThat(report.discipline())
        .isEqualTo(new Coded("CH", "http://terminology.hl7.org/CodeSystem/v2-0074", null));
    assertThat(report.comment()).isEqualTo("Ring mottagningen");
    assertThat(report.laboratory()).isEqualTo(new Party("SE5565594230-U1", "Kemlab"));
    assertThat(report.responsible()).isEqualTo(new Party("A7", "Bo Berg"));
    assertThat(report.recipient()).isEqualTo(new Party("VC", "Vårdcentral Söder"));
    assertThat(report.order())
        .isEqualTo(
            new LabReport.Order(
                "P-1",
                "Trötthet\nKontroll",
                Instant.parse("2027-01-14T11:00:00Z"),
                List.of(new Coded("KEMI", "L", "Klinisk kemi")),
                new Party("D1", "Dora Doktor")));
    Group group = report.groups().getFirst();
    assertThat(group.code()).isEqualTo(new Coded("KEMI", "L", "Klinisk kemi"));
    assertThat(group.comment()).isEqualTo("Fastande");
    assertThat(group.analyses())
        .containsExactly(
            new Analysis(
                "NPU28309",
                new Coded("NPU28309", CodeSystems.NPU, "B-Hemoglobin"),
                ReportStatus.FINAL,
                null,
                Instant.parse("2027-01-15T07:15:00Z"),
                new Coded("SYS", null, "Sysmex"),
                "Rad ett\nRad två",
                new Party("B2", "Bea Blom"),
                List.of(
                    new LabReport.Specimen(
                        "F9",
                        new Coded("SVB", "L", "Venblod"),
                        Instant.parse("2027-01-15T07:15:00Z"),
                        new Coded("ARM", null, "Arm"),
                        "Hemolys")),
                List.of(
                    new Finding(
                        null,
                        Value.range(Range.number("134.0", "g/L", "g/L")),
                        List.of(
                            new Coded("H", CodeSystems.INTERPRETATION, null),
                            new Coded("A", CodeSystems.INTERPRETATION, null)),
                        List.of(new Range("117", true, "153", true, "g/L", "g/L", null, null)),
                        null))));
  }

  /** OBX-2 and OBX-5 with the unit {@code mmol/L}, and what is read. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "NM; 5.10; number 5.10",
        "NM; -0.5; number -0.5",
        "NM; 1e3; number 1e3",
        "NM; 0; number 0",
        "NM; 5,1; text 5,1 mmol/L",
        "NM; 007; text 007 mmol/L",
        "NM; +5; text +5 mmol/L",
        "NM; <5; below 5",
        "NM; ej mätbar; text ej mätbar mmol/L",
        "NM; 1^2; text 1^2 mmol/L",
        "SN; ^5; number 5",
        "SN; =^5; number 5",
        "SN; <^5; below 5",
        "SN; <=^5; at most 5",
        "SN; >^5; above 5",
        "SN; >=^5; at least 5",
        "SN; ^10^-^20; between 10 and 20",
        "SN; ^1^:^128; text 1:128 mmol/L",
        "SN; ^2^+; text 2+ mmol/L",
        "SN; ^100^^200; text 100 200 mmol/L",
        "SN; ^^^200; text 200 mmol/L",
        "SN; <>^5; text <>5 mmol/L",
        "SN; >^10^-^20; text >10-20 mmol/L",
        "ST; 12.5; text 12.5 mmol/L",
        "st; Positiv; text Positiv mmol/L",
        "ST; a^b&c; text a^b&c mmol/L",
        "TS; 20270115; text 20270115 mmol/L",
        "XX; a^b; text a^b mmol/L",
        "''; 5; text 5 mmol/L",
      })
  void readsValues(String type, String value, String expected) throws LabRejected {
    // when
    Value read = value("OBX|1|" + type + "|A^B^L||" + value + "|mmol/L|||||F");

    // then
    assertThat(shown(read)).isEqualTo(expected);
  }

  private static String shown(Value value) {
    Range range = value.range();
    if (range == null) {
      return "text " + value.text();
    }
    assertThat(range.unit()).isEqualTo("mmol/L");
    assertThat(range.unitCode()).isNull();
    if (range.isNumber()) {
      return "number " + range.low();
    }
    if (range.low() == null) {
      return (range.highClosed() ? "at most " : "below ") + range.high();
    }
    return range.high() == null
        ? (range.lowClosed() ? "at least " : "above ") + range.low()
        : "between " + range.low() + " and " + range.high();
  }

  /** OBX-7 with the unit {@code g/L}, and what is read. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "3.5-4.8; 3.5; true; 4.8; true; ",
        "3.5 - 4.8; 3.5; true; 4.8; true; ",
        "-1.5 - 1.5; -1.5; true; 1.5; true; ",
        "-3--1; -3; true; -1; true; ",
        "<5; ; false; 5; false; ",
        "<= 5; ; false; 5; true; ",
        ">10; 10; false; ; false; ",
        ">=10; 10; true; ; false; ",
        "3,5-4,8; ; false; ; false; 3,5-4,8",
        "negativ; ; false; ; false; negativ",
      })
  void readsReferences(
      String written,
      @Nullable String low,
      boolean lowClosed,
      @Nullable String high,
      boolean highClosed,
      @Nullable String text)
      throws LabRejected {
    // when
    Finding finding = finding("OBX|1|NM|A||4|g/L^^UCUM|" + written + "||||F");

    // then
    String unit = text == null ? "g/L" : null;
    assertThat(finding.references())
        .containsExactly(new Range(low, lowClosed, high, highClosed, unit, unit, text, null));
  }

  @Test
  void readsLimitsWrittenWithSignsOfTheirOwn() throws LabRejected {
    // when
    OruMessage message = OruMessage.of(RESIDENT).with("MSH", 18, "UNICODE UTF-8");
    LabReport report =
        one(
            message
                .add("OBX|1|NM|A||4|g/L|≤5||||F")
                .add("OBX|2|NM|B||≥4|g/L|3 – 5||||F")
                .bytes(UTF_8));

    // then
    assertThat(finding(report, 0).references())
        .containsExactly(new Range(null, false, "5", true, "g/L", null, null, null));
    assertThat(value(finding(report, 1)).range())
        .isEqualTo(new Range("4", true, null, false, "g/L", null, null, null));
    assertThat(finding(report, 1).references())
        .containsExactly(new Range("3", true, "5", true, "g/L", null, null, null));
  }

  @Test
  void readsCodesAndPrefersANationalOne() throws LabRejected {
    assertThat(value("OBX|1|CWE|A||ECOLI^E. coli^L^112283007^Escherichia coli^SCT|||||F").coded())
        .isEqualTo(
            new Coded(
                "112283007",
                CodeSystems.SNOMED,
                "Escherichia coli",
                List.of(new Coded("ECOLI", "L", "E. coli"))));
    assertThat(value("OBX|1|CE|A||POS^Positiv^L|||||F").coded())
        .isEqualTo(new Coded("POS", "L", "Positiv"));
    assertThat(value("OBX|1|CE|A||^Bara ord|||||F").coded()).isEqualTo(Coded.words("Bara ord"));
    assertThat(value("OBX|1|CWE|A||^^^^^^^^Ursprunglig|||||F").coded())
        .isEqualTo(Coded.words("Ursprunglig"));
    assertThat(analysis("OBX|1|NM|HB^Hb^L^NPU28309^^SWNPU||134|||||F").code())
        .isEqualTo(
            new Coded("NPU28309", CodeSystems.NPU, "Hb", List.of(new Coded("HB", "L", "Hb"))));
  }

  @Test
  void rulesOfReleaseNameWhicheverCodeCame() throws LabRejected {
    // when
    LabReport report =
        one(
            OruMessage.of(RESIDENT)
                .add("OBX|1|NM|HB^Hb^L^NPU28309^B-Hb^SWNPU^^^Blodvärde||134|||||F")
                .bytes());

    // then
    assertThat(RecordVersions.types(report))
        .contains("HB", "Hb", "NPU28309", "B-Hb", "Blodvärde", "KEMI");
  }

  @Test
  void rulesOfReleaseNameTheDisciplineOfAnyOrder() throws LabRejected {
    // when
    LabReport report =
        one(
            OruMessage.of(RESIDENT)
                .with("OBR", 24, "CH")
                .add("OBR|2|P-1|L-1|GEN^Genetik^L||||||||||||||||||||GE|F")
                .add("OBR|3|P-1|L-1|HEM^Hematologi^L||||||||||||||||||||CH|F")
                .bytes());

    // then
    assertThat(report.discipline()).extracting(Coded::code).isEqualTo("CH");
    assertThat(RecordVersions.types(report)).contains("CH", "GE");
  }

  @Test
  void readsEveryRepetitionOfAValue() throws LabRejected {
    // when
    Analysis analysis = analysis("OBX|1|CE|A||S^Känslig~R^Resistent||||||F");

    // then
    assertThat(analysis.findings())
        .extracting(finding -> value(finding).coded())
        .containsExactly(new Coded("S", null, "Känslig"), new Coded("R", null, "Resistent"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "a\\.br\\b; a/b",
        "a\\.sp\\b; a/b",
        "\\H\\fet\\N\\; fet",
        "a\\X0D0A\\b; a/b",
        "\\XC3A5\\; å",
        "\\XE5\\; å",
        "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f; a|b^c&d~e\\f",
        "c:\\temp; c:\\temp",
        "\\server\\dir; \\server\\dir",
        "\\Zab\\q; \\Zab\\q",
        "\\E\\.br\\E\\; \\.br\\",
        "a~b; a/b",
        "a\\X00\\b; a\uFFFDb",
      })
  void readsEscapes(String written, String expected) throws LabRejected {
    // when
    Value value = value("OBX|1|FT|A||" + written + "||||||F");

    // then
    assertThat(value.text()).isEqualTo(expected.replace('/', '\n'));
  }

  @Test
  void showsWhereACharacterCouldNotBeKept() throws LabRejected {
    assertThat(value("OBX|1|ST|A||a\u0001b||||||F").text()).isEqualTo("a\uFFFDb");
  }

  @Test
  void makesOneTextOfItsLines() throws LabRejected {
    // when
    LabReport report =
        one(
            OruMessage.of(RESIDENT)
                .add("OBX|1|TX|PAD^Utlåtande^L||Rad ett||||||F")
                .add("OBX|2|TX|PAD^Utlåtande^L||||||||F")
                .add("OBX|3|TX|PAD^Utlåtande^L||Rad tre||||||F")
                .add("OBX|4|TX|DIA^Diagnos^L||Annat||||||F")
                .bytes());

    // then
    assertThat(analyses(report)).extracting(Analysis::id).containsExactly("PAD", "DIA");
    assertThat(value(finding(report, 0)).text()).isEqualTo("Rad ett\n\nRad tre");
  }

  /** A line of a text that tells something which is read of the first line. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mg|||||F",
        "|1-2||||F",
        "||A|||F",
        "|||||F|||20270115",
        "|||||F|||||B2^Blom^Bea",
        "|||||F||||||SYS^Sysmex",
      })
  void losesNothingThatALineOfATextTells(String rest) throws LabRejected {
    // when
    LabReport report =
        one(
            OruMessage.of(RESIDENT)
                .add("OBX|1|TX|PAD^Utlåtande^L||Rad ett||||||F")
                .add("OBX|2|TX|PAD^Utlåtande^L||Rad två|" + rest)
                .add("OBX|3|TX|PAD^Utlåtande^L||Rad tre|" + rest)
                .bytes());

    // then
    assertThat(analyses(report)).hasSize(2);
    assertThat(value(finding(report, 0)).text()).isEqualTo("Rad ett");
    assertThat(value(finding(report, 1)).text()).startsWith("Rad två\nRad tre");
  }

  @Test
  void tellsObservationsWithTheSameCodeApart() throws LabRejected {
    // when
    LabReport report =
        one(
            OruMessage.of(RESIDENT)
                .add("OBX|1|ST|BAKT^Fynd^L|1|E. coli||||||F")
                .add("OBX|2|ST|BAKT^Fynd^L|2|Klebsiella||||||F")
                .bytes());

    // then
    assertThat(analyses(report)).extracting(Analysis::id).containsExactly("BAKT/1", "BAKT/2");
  }

  @Test
  void readsDocuments() throws LabRejected {
    // given
    String data = Base64.getEncoder().encodeToString("%PDF-1.7".getBytes(US_ASCII));

    // then
    assertThat(value("OBX|1|ED|A||LIS^AP^PDF^Base64^" + data + "||||||F").attachment())
        .isEqualTo(new Attachment("application/pdf", null, data));
    assertThat(value("OBX|1|ED|A||^IM^JPEG^Hex^255044462D312E37||||||F").attachment())
        .isEqualTo(new Attachment("image/jpeg", null, data));
    assertThat(value("OBX|1|ED|A||^TEXT^plain^A^%PDF-1.7||||||F").attachment())
        .isEqualTo(new Attachment("text/plain", null, data));
    assertThat(value("OBX|1|RP|A||bild-17^PACS^IM^JPEG||||||F").attachment())
        .isEqualTo(new Attachment("image/jpeg", "bild-17", null));
    assertThat(fault(OruMessage.of(RESIDENT).add("OBX|1|ED|A||^AP^PDF^Base64^%%%||||||F")))
        .isEqualTo("INVALID OBX[1]-5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OBX|1|NM|A||||||||F", "OBX|1|||||||||F", "OBX|1|ST|A||\"\"||||||F"})
  void findsNothingWhereThereIsNoValue(String obx) throws LabRejected {
    // given
    String named = obx.replace("OBX|1|||", "OBX|1||A|");

    // then
    assertThat(analysis(named).findings()).isEmpty();
  }

  @Test
  void keepsHowItDeviatesWhereThereIsNoValue() throws LabRejected {
    assertThat(analysis("OBX|1|ST|AMP^Ampicillin^L|||mg/L|<8|R|||F").findings())
        .containsExactly(
            new Finding(
                null,
                null,
                List.of(new Coded("R", CodeSystems.INTERPRETATION, null)),
                List.of(new Range(null, false, "8", false, "mg/L", null, null, null)),
                null));
  }

  /** OBR-25, OBX-11 of each observation, and what is read. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "F; F; FINAL",
        "C; F C; CORRECTED",
        "P; P; PRELIMINARY",
        "R; R; PRELIMINARY",
        "A; F I; PARTIAL",
        "I; I; REGISTERED",
        "O; ; REGISTERED",
        "S; ; REGISTERED",
        "X; X; CANCELLED",
        "D; F; WITHDRAWN",
        "Q; F; UNKNOWN",
        "F; D W; WITHDRAWN",
        "F; F W; FINAL",
        "''; F F; FINAL",
        "''; F C; CORRECTED",
        "''; F P; PRELIMINARY",
        "''; F I; PARTIAL",
        "''; S; PRELIMINARY",
        "''; X; CANCELLED",
        "''; W; WITHDRAWN",
        "''; Q; UNKNOWN",
        "''; ; UNKNOWN",
      })
  void readsTheStatus(String ofObr, @Nullable String ofObx, ReportStatus expected)
      throws LabRejected {
    // given
    OruMessage message = OruMessage.of(RESIDENT).with("OBR", 25, ofObr);
    int number = 0;
    for (String status :
        Optional.ofNullable(ofObx).map(s -> s.split(" ", -1)).orElse(new String[0])) {
      message.add("OBX|" + ++number + "|NM|A" + number + "||5||||||" + status);
    }

    // then
    assertThat(one(message.bytes()).status()).isEqualTo(expected);
  }

  @Test
  void withdrawsAnObservationOrAWholeAnswer() throws LabRejected {
    // given
    OruMessage message =
        OruMessage.of(RESIDENT)
            .add("OBX|1|NM|A||5||||||W")
            .add("NTE|1||Fel patient")
            .add("OBX|2|NM|B||6||||||F");

    // when
    LabReport one = one(message.bytes());
    LabReport all = one(message.without("OBX|2").bytes());

    // then
    assertThat(analyses(one))
        .extracting(Analysis::status, Analysis::isServed)
        .containsExactly(tuple(ReportStatus.WITHDRAWN, false), tuple(ReportStatus.FINAL, true));
    assertThat(one.withdrawalReason()).isNull();
    assertThat(all.status()).isEqualTo(ReportStatus.WITHDRAWN);
    assertThat(all.withdrawalReason()).isEqualTo("Fel patient");
  }

  @Test
  void keepsAStatusThatItDoesNotKnow() throws LabRejected {
    assertThat(analysis("OBX|1|NM|A||5||||||N"))
        .extracting(Analysis::status, Analysis::sourceStatus)
        .containsExactly(ReportStatus.UNKNOWN, "N");
    assertThat(
            analyses(
                one(OruMessage.of(RESIDENT).with("OBR", 25, "Q").add("OBX|1|NM|A||5").bytes())))
        .extracting(Analysis::status, Analysis::sourceStatus)
        .containsExactly(tuple(null, "Q"));
  }

  @Test
  void keepsThatAnOrderWithoutObservationsIsWithdrawn() throws LabRejected {
    // when
    LabReport report =
        one(
            OruMessage.of(RESIDENT)
                .add("OBX|1|NM|A||5||||||F")
                .add("OBR|2|P-1|L-1|HEM^Hematologi^L|||||||||||||||||||||D")
                .bytes());

    // then
    assertThat(report.status()).isEqualTo(ReportStatus.FINAL);
    assertThat(report.isPartlyWithdrawn()).isTrue();
    assertThat(report.groups()).extracting(Group::isServed).containsExactly(true, false);
  }

  /** OBR-26, OBR-29, and the names that the resistance stands under; empty: a fault. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "BAKT&Fynd&L^1; P-1^L-1; Urinodling, E. coli, Resistens",
        "BAKT&Fynd&L^2; P-1; Urinodling, Klebsiella, Resistens",
        "BAKT^1^E. coli; ; Urinodling, E. coli, Resistens",
        "&Fynd^2; ; Urinodling, Klebsiella, Resistens",
        "ANTAL; ; Urinodling, Antal, Resistens",
        "BAKT^^E. coli; ; E. coli, Resistens",
        "BAKT^9^E. coli; P-1^L-1; E. coli, Resistens",
        "^^E. coli; P-1^L-1; E. coli, Resistens",
        "''; P-1^L-1; Resistens",
        "BAKT^1; P-1^L-9; ",
        "BAKT^9; P-1^L-1; ",
        "BAKT; P-1^L-1; ",
        "AMP; ; ",
      })
  void readsWhatAResistanceBelongsTo(String result, @Nullable String order, @Nullable String shown)
      throws LabRejected {
    // given
    OruMessage message =
        culture()
            .with("OBR|2", 26, result)
            .with("OBR|2", 29, Objects.requireNonNullElse(order, ""));

    // then
    if (shown == null) {
      assertThat(fault(message)).isEqualTo("MISSING OBR[2]-26");
    } else {
      assertThat(read(message.bytes()).getLast().groups())
          .extracting(Group::shown)
          .containsExactly(shown);
    }
  }

  @Test
  void readsWhatAResistanceBelongsToOverSeveralOrders() throws LabRejected {
    // given
    OruMessage message =
        culture()
            .with("OBR|2", 26, "BAKT^2")
            .with("ORC|RE|P-2", 8, "P-1^L-1")
            .add("OBR|3|P-3|L-3|ESBL^Bekräftande^L")
            .add("OBX|1|ST|GEN^Gen^L||CTX-M||||||F")
            .with("OBR|3", 26, "AMP")
            .with("OBR|3", 29, "P-2^L-2");

    // when
    LabReport last = read(message.bytes()).getLast();

    // then
    assertThat(last.groups().getFirst().shown())
        .isEqualTo("Urinodling, Klebsiella, Resistens, Ampicillin, Bekräftande");
    assertThat(RecordVersions.types(last)).contains("KLEB", "Klebsiella", "ODL");
  }

  @Test
  void refusesAParentOfAnotherResidentOrWithTooLongAName() {
    // given
    OruMessage other =
        OruMessage.of(RESIDENT)
            .add("OBX|1|CE|BAKT^Fynd^L|1|ECOLI^E. coli^L||||||F")
            .add("PID|2||" + OTHER_RESIDENT + "^^^^NNSWE")
            .add("OBR|2|P-2|L-2|RES^Resistens^L")
            .with("OBR|2", 26, "BAKT^1");
    OruMessage wordy =
        OruMessage.of(RESIDENT)
            .add("OBX|1|TX|BAKT^Fynd^L||" + "x".repeat(4_001) + "||||||F")
            .add("OBR|2|P-2|L-2|RES^Resistens^L")
            .with("OBR|2", 26, "BAKT");

    // then
    assertThat(fault(other)).isEqualTo("MISSING OBR[2]-26");
    assertThat(fault(wordy)).isEqualTo("TOO_LARGE OBR[2]-26");
  }

  @Test
  void withdrawsWhatBelongsToAResultThatIsWithdrawn() throws LabRejected {
    // given
    OruMessage message =
        culture().with("OBX|2", 11, "W").with("OBR|2", 26, "BAKT^2").with("OBR|2", 29, "P-1^L-1");

    // when
    List<LabReport> reports = read(message.bytes());

    // then
    assertThat(reports)
        .extracting(LabReport::status)
        .containsExactly(ReportStatus.FINAL, ReportStatus.WITHDRAWN);
    assertThat(reports.getLast().groups()).extracting(Group::isServed).containsExactly(false);
  }

  /** Two bacteria in an answer, and in another answer a resistance that is to be told of one. */
  private static OruMessage culture() {
    return OruMessage.of(RESIDENT)
        .with("OBR", 4, "ODL^Urinodling^L")
        .add("OBX|1|CE|BAKT^Fynd^L|1|ECOLI^E. coli^L||||||F")
        .add("OBX|2|CE|BAKT^Fynd^L|2|KLEB^Klebsiella^L||||||F")
        .add("OBX|3|NM|ANTAL^Antal^L||100000|CFU/mL|||||F")
        .add("ORC|RE|P-2|L-2")
        .add("OBR|2|P-2|L-2|RES^Resistens^L||||||||||||||||||20270115||MB|F")
        .add("OBX|1|ST|AMP^Ampicillin^L|||mg/L|<8|R|||F");
  }

  @Test
  void refusesAStatusWithoutItsValue() {
    assertThat(fault(OruMessage.of(RESIDENT).add("OBX|1|NM|A||||||||U")))
        .isEqualTo("UNSUPPORTED OBX[1]-11");
  }

  @Test
  void readsSeveralOrdersAndResidents() throws LabRejected {
    // given
    OruMessage message =
        OruMessage.of(RESIDENT)
            .add("OBX|1|NM|A||5||||||F")
            .add("OBR|2|P-1|L-1|HEM^Hematologi^L||||||||||||||||||20270115110000||HM|P")
            .add("OBX|1|NM|B||6||||||P")
            .add("OBR|3|P-1|L-2|MIKRO^Mikrobiologi^L||||||||||||||||||20270115||MB|F")
            .add("OBX|1|NM|C||7||||||F")
            .add("PID|2||" + OTHER_RESIDENT + "^^^^NNSWE")
            .add("ORC|RE||L-3")
            .add("OBR|1|||KEMI")
            .add("OBX|1|NM|D||8||||||F");

    // when
    List<LabReport> reports = read(message.bytes());

    // then
    assertThat(reports).extracting(LabReport::recordId).containsExactly("L-1", "L-2", "L-3");
    LabReport first = reports.getFirst();
    assertThat(first.groups())
        .extracting(group -> group.analyses().getFirst().id())
        .containsExactly("A", "B");
    assertThat(first.status()).isEqualTo(ReportStatus.PRELIMINARY);
    assertThat(first.time()).isEqualTo("2027-01-15T10:00:00Z");
    assertThat(reports.get(1).time()).isEqualTo("2027-01-14T23:00:00Z");
    assertThat(reports.get(2).time()).isNull();
    assertThat(reports.get(2).resident()).isEqualTo(OTHER_RESIDENT);
    assertThat(reports.get(2).order()).isNotNull();
  }

  @Test
  void readsObservationsThatFollowTheirSpecimen() throws LabRejected {
    // when
    LabReport report =
        one(
            OruMessage.of(RESIDENT)
                .add("SPM|1|^S1||URIN^Urin^L")
                .add("ZXX|1|eget")
                .add("OBX|1|NM|A||5||||||F")
                .bytes());

    // then
    assertThat(analyses(report)).hasSize(1);
    assertThat(analyses(report).getFirst().specimens())
        .extracting(LabReport.Specimen::id)
        .containsExactly("S1");
  }

  @Test
  void readsTheSpecimenOfOlderMessages() throws LabRejected {
    // when
    LabReport report =
        one(
            OruMessage.of(RESIDENT)
                .with("MSH", 12, "2.3")
                .with("OBR", 15, "SER&Serum&L^^Frostad^ARM&Arm&L")
                .add("OBX|1|NM|A||5||||||F")
                .bytes());

    // then
    assertThat(analyses(report).getFirst().specimens())
        .containsExactly(
            new LabReport.Specimen(
                null,
                new Coded("SER", "L", "Serum"),
                Instant.parse("2027-01-15T07:00:00Z"),
                new Coded("ARM", "L", "Arm"),
                "Frostad"));
  }

  /** MSH-18, how the bytes are written, and whether å, ä and ö are read. */
  @ParameterizedTest
  @CsvSource({
    "8859/1, ISO-8859-1",
    "ISO8859/1, ISO-8859-1",
    "ISO-8859-1, ISO-8859-1",
    "8859/15, ISO-8859-15",
    "UNICODE UTF-8, UTF-8",
    "UTF-8, UTF-8",
    "'', UTF-8",
    "'', ISO-8859-1",
  })
  void readsCharacterSets(String named, Charset written) throws LabRejected {
    // when
    LabReport report =
        one(
            OruMessage.of(RESIDENT)
                .with("MSH", 18, named)
                .add("OBX|1|ST|A||räksmörgås Å||||||F")
                .bytes(written));

    // then
    assertThat(value(finding(report, 0)).text()).isEqualTo("räksmörgås Å");
  }

  @ParameterizedTest
  @CsvSource({
    "UNICODE UTF-8, ISO-8859-1",
    "ASCII, ISO-8859-1",
    "UNICODE UTF-16, UTF-8",
    "8859/5, ISO-8859-1",
  })
  void refusesBytesThatAreNotInTheNamedCharacterSet(String named, Charset written) {
    assertThat(
            faultOf(
                OruMessage.of(RESIDENT)
                    .with("MSH", 18, named)
                    .add("OBX|1|ST|A||räksmörgås||||||F")
                    .bytes(written)))
        .isEqualTo("INVALID MSH-18");
  }

  @Test
  void readsOtherDelimitersAndLineEnds() throws LabRejected {
    // given
    String text =
        OruMessage.of(RESIDENT)
            .add("OBX|1|CE|A||a^b||||||F")
            .text()
            .replace("^~\\&", "\u0000")
            .replace('|', '#')
            .replace('^', '%')
            .replace('&', '$')
            .replace("\u0000", "%~\\$")
            .replace("\r", "\r\n");

    // then
    assertThat(value(finding(one(text.getBytes(ISO_8859_1)), 0)).coded())
        .isEqualTo(new Coded("a", null, "b"));
  }

  /** PID-3, and whom it means; empty: a fault. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "191212121212^^^&1.2.752.129.2.1.3.1&ISO; 191212121212",
        "19121212-1212^^^1.2.752.129.2.1.3.1; 191212121212",
        "191212121212^^^SKV^NNSWE; 191212121212",
        "191212121212^^^^1.2.752.129.2.1.3.1; 191212121212",
        "12345^^^LIS^MR~191212121212^^^^NI; 191212121212",
        "99ABC^^^&1.2.752.97.3.1.3&ISO; 99ABC",
        "191212121213^^^^NNSWE; ",
        "191212121212^^^&1.2.752.129.2.1.3.3&ISO; ",
        "191212121212; ",
        "191212121212^^^LIS^MR; ",
        "^^^&1.2.752.129.2.1.3.1&ISO; ",
        "''; ",
      })
  void readsTheResident(String pid, @Nullable String resident) throws LabRejected {
    // given
    OruMessage message = OruMessage.of(RESIDENT).with("PID", 3, pid);

    // then
    if (resident == null) {
      assertThat(fault(message)).isEqualTo("IDENTITY PID[1]-3");
    } else {
      assertThat(one(message.bytes()).resident()).isEqualTo(resident);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "2027; 2026-12-31T23:00:00Z",
        "202701; 2026-12-31T23:00:00Z",
        "20270115; 2027-01-14T23:00:00Z",
        "2027011510; 2027-01-15T09:00:00Z",
        "202707151000; 2027-07-15T08:00:00Z",
        "20270115100000.1234; 2027-01-15T09:00:00.123400Z",
        "20270115100000-0500; 2027-01-15T15:00:00Z",
        "20270115100000+0000; 2027-01-15T10:00:00Z",
        "20270230; ",
        "2027-01-15; ",
        "202701151; ",
        "20270115240000; ",
      })
  void readsTimes(String written, @Nullable Instant expected) throws LabRejected {
    // given
    OruMessage message = OruMessage.of(RESIDENT).with("OBR", 22, written);

    // then
    if (expected == null) {
      assertThat(fault(message)).isEqualTo("INVALID OBR[1]-22");
    } else {
      assertThat(one(message.bytes()).time()).isEqualTo(expected);
    }
  }

  /** MSH-7, OBR-22, and the time of the version. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "20270115101500; 20270715100000; 2027-07-15T08:00:00Z",
        "20270115101500+0100; 20270715100000; 2027-07-15T08:00:00Z",
        "20270715101500+0200; 20270115100000; 2027-01-15T09:00:00Z",
        "20270715101500+0100; 20270715100000; 2027-07-15T09:00:00Z",
        "20270115101500+0000; 20270715100000; 2027-07-15T10:00:00Z",
        "20270115101500+0000; 20270715100000+0200; 2027-07-15T08:00:00Z",
        "20270115101500+9900; 20270715100000; 2027-07-15T08:00:00Z",
        "'igår+0000'; 20270715100000; 2027-07-15T08:00:00Z",
      })
  void readsTimesByTheOffsetOfTheMessage(String sent, String written, Instant expected)
      throws LabRejected {
    assertThat(
            one(OruMessage.of(RESIDENT).with("MSH", 7, sent).with("OBR", 22, written).bytes())
                .time())
        .isEqualTo(expected);
  }

  /** A field of MSH, what it is set to, and the fault. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "9; ADT^A01; UNSUPPORTED MSH-9",
        "9; ORU; UNSUPPORTED MSH-9",
        "10; ''; MISSING MSH-10",
        "11; T; UNSUPPORTED MSH-11",
        "12; ''; MISSING MSH-12",
        "12; 2.7; UNSUPPORTED MSH-12",
        "12; 3.0; UNSUPPORTED MSH-12",
        "14; 7; UNSUPPORTED MSH-14",
      })
  void refusesWhatItDoesNotTake(int field, String value, String expected) {
    assertThat(fault(OruMessage.of(RESIDENT).with("MSH", field, value))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "FHS|^~\\&|LIS; UNSUPPORTED FHS",
        "BHS|^~\\&|LIS; UNSUPPORTED BHS",
        "'{\"resourceType\":1}'; UNREADABLE MSH",
        "MSH; UNREADABLE MSH",
        "MSH|||||||||; UNREADABLE MSH",
        "'MSH|^^\\&|LIS|'; UNREADABLE MSH",
      })
  void refusesWhatIsNoMessage(String content, String expected) {
    assertThat(faultOf(content.getBytes(US_ASCII))).isEqualTo(expected);
  }

  @Test
  void refusesWhatIsIncomplete() {
    assertThat(faultOf(new byte[0])).isEqualTo("UNREADABLE MSH");
    assertThat(fault(OruMessage.of(RESIDENT).add("skräp"))).isEqualTo("UNREADABLE ");
    assertThat(fault(OruMessage.of(RESIDENT).add("MSH|^~\\&|"))).isEqualTo("UNSUPPORTED MSH[2]");
    assertThat(fault(OruMessage.of(RESIDENT).add("DSC|1"))).isEqualTo("UNSUPPORTED DSC[1]");
    assertThat(fault(OruMessage.of(RESIDENT).without("PID"))).isEqualTo("IDENTITY OBR[1]");
    assertThat(fault(OruMessage.of(RESIDENT).without("OBR"))).isEqualTo("MISSING OBR");
    assertThat(fault(OruMessage.of(RESIDENT).without("OBR").add("OBX|1|NM|A||5")))
        .isEqualTo("MISSING OBX[1]");
    assertThat(fault(OruMessage.of(RESIDENT).add("OBX|1|NM|||5"))).isEqualTo("MISSING OBX[1]-3");
    assertThat(fault(OruMessage.of(RESIDENT).without("ORC").add("OBR|2|||KEMI")))
        .isEqualTo("MISSING OBR[2]-3");
    assertThat(fault(OruMessage.of(RESIDENT).with("OBR", 3, "x".repeat(129))))
        .isEqualTo("INVALID OBR[1]-3");
  }

  @Test
  void keepsWhatIsRemarkedOnAnOrderOrRefusesIt() throws LabRejected {
    // given
    OruMessage message =
        OruMessage.of(RESIDENT)
            .add("NTE|1||Efter OBR")
            .add("ORC|RE|P-1|L-1")
            .add("NTE|1||Efter ORC")
            .add("OBR|2|P-1|L-1|BAKT^Bakteriologi^L")
            .add("NTE|1||Efter andra OBR");

    // then
    assertThat(one(message.bytes()).groups())
        .extracting(Group::comment)
        .containsExactly("Efter OBR", "Efter ORC\nEfter andra OBR");
    assertThat(fault(OruMessage.of(RESIDENT).add("ORC|RE").add("NTE|1||x")))
        .isEqualTo("MISSING NTE[1]");
    assertThat(fault(OruMessage.of(RESIDENT).add("ORC|RE").add("NTE|1||x").add("ORC|RE")))
        .isEqualTo("MISSING NTE[1]");
    assertThat(
            fault(
                new OruMessage()
                    .add("MSH|^~\\&|LIS|LAB|||||ORU^R01|M1|P|2.5")
                    .add("NTE|1||x")
                    .add("PID|1||" + RESIDENT + "^^^^NNSWE")
                    .add("OBR|1||L-1|KEMI")))
        .isEqualTo("MISSING NTE[1]");
  }

  @Test
  void refusesWhatBelongsToAnOrderThatDidNotCome() {
    // given
    String other = "PID|2||" + OTHER_RESIDENT + "^^^^NNSWE";
    String obx = "OBX|1|NM|A||5||||||F";

    // then
    assertThat(fault(OruMessage.of(RESIDENT).add(obx).add(other).add(obx)))
        .isEqualTo("MISSING OBX[2]");
    assertThat(fault(OruMessage.of(RESIDENT).add(obx).add(other).add("SPM|1|^S1||URIN")))
        .isEqualTo("MISSING SPM[1]");
    assertThat(fault(OruMessage.of(RESIDENT).add(obx).add("ORC|RE||L-2").add(obx)))
        .isEqualTo("MISSING OBX[2]");
    assertThat(
            fault(
                OruMessage.of(RESIDENT)
                    .add("ORC|RE|P-2|L-2")
                    .add(other)
                    .add("OBR|1|||KEMI")
                    .add(obx)))
        .isEqualTo("MISSING PID[2]");
  }

  @Test
  void refusesOneOrderNumberForTwoResidents() {
    assertThat(
            fault(
                OruMessage.of(RESIDENT)
                    .add("PID|2||" + OTHER_RESIDENT + "^^^^NNSWE")
                    .add("OBR|1||L-1|KEMI")))
        .isEqualTo("INVALID OBR[2]-3");
  }

  @Test
  void refusesWhatIsTooLarge() {
    // given
    OruMessage observations = OruMessage.of(RESIDENT);
    OruMessage answers = OruMessage.of(RESIDENT);
    for (int i = 0; i <= 5_000; i++) {
      observations.add("OBX|1|NM|A||5");
    }
    for (int i = 0; i < 1_000; i++) {
      answers.add("OBR|1||N-" + i + "|KEMI");
    }

    // then
    assertThat(fault(observations)).isEqualTo("TOO_LARGE ");
    assertThat(fault(answers)).isEqualTo("TOO_LARGE ");
    assertThat(fault(OruMessage.of(RESIDENT).add("NTE|1||x" + "|".repeat(300_000))))
        .isEqualTo("TOO_LARGE ");
    assertThat(fault(OruMessage.of(RESIDENT).add("NTE\r".repeat(20_001)))).isEqualTo("TOO_LARGE ");
  }

  @Test
  void takesTheSourceSystemFromTheHeaderOrTheSender() throws LabRejected {
    // given
    Sender two = sender(SOURCE, "SE5565594230-LAB9");
    byte[] named = OruMessage.of(RESIDENT).with("MSH", 3, "LIS^SE5565594230-LAB9^DNS").bytes();
    byte[] unnamed = OruMessage.of(RESIDENT).bytes();

    // then
    assertThat(read(two, named).getFirst().sourceSystem()).isEqualTo("SE5565594230-LAB9");
    assertThat(read(LAB, unnamed).getFirst().sourceSystem()).isEqualTo(SOURCE);
    assertThat(faultOf(two, unnamed)).isEqualTo("SOURCE_SYSTEM MSH-3");
    assertThat(faultOf(LAB, OruMessage.of(RESIDENT).with("MSH", 3, "SE5565594230-LAB1").bytes()))
        .isEqualTo("SOURCE_SYSTEM MSH-3");
  }

  @Test
  void faultsRepeatNoValue() {
    // given
    OruMessage message =
        OruMessage.of("191212121213")
            .with("OBR", 22, "hemligt")
            .add("OBX|1|ED|A||^AP^PDF^Base64^hemligt%||||||F");

    // when
    LabRejected rejected = rejected(LAB, message.bytes());

    // then
    assertThat(rejected.faults()).hasSize(3);
    assertThat(rejected.faults().toString()).doesNotContain("191212121213", "hemligt");
    assertThat(rejected.getCause()).isNull();
  }

  private static Value value(String obx) throws LabRejected {
    return value(finding(obx));
  }

  private static Value value(Finding finding) {
    return Objects.requireNonNull(finding.value());
  }

  private static Finding finding(String obx) throws LabRejected {
    return analysis(obx).findings().getFirst();
  }

  private static Analysis analysis(String obx) throws LabRejected {
    return analyses(one(OruMessage.of(RESIDENT).add(obx).bytes())).getFirst();
  }

  private static List<Analysis> analyses(LabReport report) {
    return report.groups().getFirst().analyses();
  }

  private static Finding finding(LabReport report, int analysis) {
    return analyses(report).get(analysis).findings().getFirst();
  }

  private static LabReport one(byte[] message) throws LabRejected {
    List<LabReport> reports = read(message);
    assertThat(reports).hasSize(1);
    return reports.getFirst();
  }

  private static List<LabReport> read(byte[] message) throws LabRejected {
    return read(LAB, message);
  }

  private static List<LabReport> read(Sender sender, byte[] message) throws LabRejected {
    Delivery.Read read =
        FORMAT.read(new Delivery(sender, Delivery.Way.MLLP, Delivery.Format.HL7_V2, message));
    assertThat(read.id()).isNull();
    return read.reports();
  }

  private static String fault(OruMessage message) {
    return faultOf(message.bytes());
  }

  private static String faultOf(byte[] message) {
    return faultOf(LAB, message);
  }

  private static String faultOf(Sender sender, byte[] message) {
    LabFault fault = rejected(sender, message).faults().getFirst();
    assertThat(fault.code()).isNotEqualTo(Code.MESSAGE_ID);
    return fault.code() + " " + fault.path();
  }

  private static LabRejected rejected(Sender sender, byte[] message) {
    return catchThrowableOfType(LabRejected.class, () -> read(sender, message));
  }

  private static Sender sender(String... sourceSystems) {
    return new Sender(
        "gotalab",
        "Götalab",
        Set.of(),
        Set.of(),
        false,
        List.of(sourceSystems).stream()
            .map(id -> new SourceSystem(new LogicalAddress(id), id, "SE2321000131-0001", List.of()))
            .toList());
  }
}
