package se.samflode.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;
import static se.samflode.testing.LabBundles.json;
import static se.samflode.testing.LabBundles.lab;
import static se.samflode.testing.LabBundles.transaction;
import static se.samflode.testing.LabBundles.xml;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamWriter;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationComponentComponent;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.Ratio;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.SampledData;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestIntent;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Specimen;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import se.samflode.access.Sender;
import se.samflode.access.Sender.SourceSystem;
import se.samflode.identity.LogicalAddress;
import se.samflode.lab.LabReport.Analysis;
import se.samflode.lab.LabReport.Coded;
import se.samflode.lab.LabReport.Finding;
import se.samflode.lab.LabReport.Group;
import se.samflode.lab.LabReport.Value;

class FhirResultsTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2027-01-15T10:00:00Z"), ZoneOffset.UTC);
  private static final Sender LAB =
      new Sender(
          "svealab",
          "Svealab",
          Set.of(),
          Set.of(),
          false,
          List.of(
              new SourceSystem(
                  new LogicalAddress("SE5565594230-LAB1"),
                  "Svealab",
                  "SE2321000016-0001",
                  List.of())));
  private static final Extension NEGATED =
      new Extension("urn:example:not").setValue(new BooleanType(true));

  private static final FhirResults FORMAT = new FhirResults(CLOCK);

  @Test
  void refusesWhatChangesTheMeaningWhereverItStands() {
    assertThat(fault(Observation.class, it -> it.addModifierExtension(NEGATED)))
        .isEqualTo("UNSUPPORTED Bundle.entry[3].resource.ofType(Observation).modifierExtension");
    assertThat(fault(Observation.class, it -> it.addComponent().addModifierExtension(NEGATED)))
        .isEqualTo(
            "UNSUPPORTED"
                + " Bundle.entry[3].resource.ofType(Observation).component[0].modifierExtension");
    assertThat(
            fault(
                Observation.class,
                it -> it.addComponent().addReferenceRange().addModifierExtension(NEGATED)))
        .isEqualTo(
            "UNSUPPORTED Bundle.entry[3].resource.ofType(Observation)"
                + ".component[0].referenceRange[0].modifierExtension");
    assertThat(fault(Specimen.class, it -> it.getCollection().addModifierExtension(NEGATED)))
        .isEqualTo(
            "UNSUPPORTED Bundle.entry[1].resource.ofType(Specimen).collection.modifierExtension");
    assertThat(
            fault(
                Observation.class,
                it -> {
                  Specimen contained = new Specimen();
                  contained.setId("s");
                  contained.addModifierExtension(NEGATED);
                  it.addContained(contained);
                  it.setSpecimen(new Reference("#s"));
                }))
        .isEqualTo(
            "UNSUPPORTED Bundle.entry[3].resource.ofType(Observation)"
                + ".contained[0].ofType(Specimen).modifierExtension");
    assertThat(fault(Observation.class, it -> it.setImplicitRules("urn:example:rules")))
        .isEqualTo("UNSUPPORTED Bundle.entry[3].resource.ofType(Observation).implicitRules");
  }

  @Test
  void refusesWhatIsFoundOfAnotherThanTheSubject() throws LabRejected {
    // given
    Reference donor = new Reference();
    donor.getIdentifier().setSystem("urn:oid:1.2.752.129.2.1.3.1").setValue("202312302397");
    Patient foetus = new Patient();
    foetus.setId("f");
    String at = "UNSUPPORTED Bundle.entry[3].resource.ofType(Observation)";

    // then
    assertThat(fault(Observation.class, it -> it.addFocus(donor))).isEqualTo(at + ".focus[0]");
    assertThat(fault(Observation.class, it -> it.addFocus().setDisplay("Foster")))
        .isEqualTo(at + ".focus[0]");
    assertThat(
            fault(
                Observation.class,
                it -> {
                  it.addFocus(it.getSubject().copy());
                  it.addFocus(new Reference("#f")).addContained(foetus);
                }))
        .isEqualTo(at + ".focus[1]");
    assertThat(
            fault(
                Observation.class,
                it ->
                    it.addExtension(
                        "http://hl7.org/fhir/StructureDefinition/observation-focusCode",
                        new CodeableConcept().setText("Foster"))))
        .isEqualTo(at + ".extension");
    assertThat(analysis(it -> it.addFocus(it.getSubject().copy()))).isEqualTo(analysis(it -> {}));
  }

  @Test
  void takesTheTimeOfTheReportWhereAnAnalysisHasNone() throws LabRejected {
    // given
    Bundle bundle =
        with(
            DiagnosticReport.class,
            it -> it.setEffective(new DateTimeType("2026-11-19T07:00:00+01:00")));

    // then
    assertThat(time(bundle)).isEqualTo("2026-11-19T07:30:00Z");
    first(bundle, Observation.class).setEffective(null);
    assertThat(time(bundle)).isEqualTo("2026-11-19T06:00:00Z");
  }

  private static @Nullable Instant time(Bundle bundle) throws LabRejected {
    return one(bundle).groups().getFirst().analyses().getFirst().time();
  }

  @Test
  void keepsWhatHoldsForAllComponents() throws LabRejected {
    // when
    Analysis analysis =
        analysis(it -> {
          it.setValue(null);
          component(it, "Systoliskt").setValue(new Quantity(160));
          component(it, "Diastoliskt").setValue(new Quantity(80)).addInterpretation(code("N"));
          it.getInterpretationFirstRep().getCodingFirstRep().setCode("H");
        });

    // then
    assertThat(analysis.findings())
        .extracting(Finding::part, Finding::value, Finding::interpretations)
        .containsExactly(
            tuple(null, null, List.of(new Coded("H", CodeSystems.INTERPRETATION, null))),
            tuple(Coded.words("Systoliskt"), number("160"), List.of()),
            tuple(
                Coded.words("Diastoliskt"),
                number("80"),
                List.of(new Coded("N", CodeSystems.INTERPRETATION, null))));
    assertThat(analysis.findings().getFirst().references())
        .containsExactly(new LabReport.Range("4.0", true, "6.0", true, "mmol/L", null, null, null));
  }

  @Test
  void keepsComponentsThatHaveNoValue() throws LabRejected {
    // when
    Analysis analysis =
        analysis(it -> {
          component(it, "Hemolys").setDataAbsentReason(new CodeableConcept().setText("Ej utförd"));
          component(it, "Ampicillin").addInterpretation(code("R"));
        });
    Analysis registered =
        analysis(it -> {
          it.setStatus(ObservationStatus.REGISTERED).setValue(null);
          it.getInterpretation().clear();
          it.getReferenceRange().clear();
          component(it, "Hemolys");
        });

    // then
    assertThat(analysis.findings())
        .extracting(Finding::part, Finding::value, finding -> finding.interpretations().size())
        .contains(
            tuple(Coded.words("Hemolys"), Value.coded(Coded.words("Ej utförd")), 0),
            tuple(Coded.words("Ampicillin"), null, 1));
    assertThat(registered.findings())
        .containsExactly(new Finding(Coded.words("Hemolys"), null, List.of(), List.of(), null));
  }

  @Test
  void refusesWhatAnswersNothing() {
    assertThat(fault(Observation.class, it -> component(it, "Hemolys")))
        .isEqualTo("MISSING Bundle.entry[3].resource.ofType(Observation).component[0].value");
    assertThat(fault(Observation.class, it -> it.addComponent().setValue(new Quantity(1))))
        .isEqualTo("MISSING Bundle.entry[3].resource.ofType(Observation).component[0].code");
    assertThat(
            fault(
                Observation.class,
                it -> {
                  it.setValue(null);
                  it.getInterpretation().clear();
                }))
        .isEqualTo("MISSING Bundle.entry[3].resource.ofType(Observation).value");
  }

  @Test
  void readsPeriodsThatAreOpen() throws LabRejected {
    assertThat(
            analysis(
                    it -> it.setValue(new Period().setStartElement(new DateTimeType("2026-11-19"))))
                .findings()
                .getFirst()
                .value())
        .isEqualTo(Value.text("2026-11-19 –"));
  }

  @Test
  void takesNothingForAValueThatHasNone() {
    // given
    List<Type> nothing =
        List.of(
            new Quantity().setUnit("mmol/L"),
            new CodeableConcept(),
            new StringType(),
            new BooleanType(),
            new Range().setLow(new Quantity().setUnit("g/L")),
            new Ratio().setNumerator(new Quantity(1)),
            new Period(),
            new SampledData());

    // then
    assertThat(nothing)
        .allSatisfy(value -> {
          value.addExtension(
              "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
              new CodeType("unknown"));
          assertThat(
                  fault(
                      Observation.class,
                      it -> {
                        it.setValue(value);
                        it.getInterpretation().clear();
                      }))
              .isEqualTo("MISSING Bundle.entry[3].resource.ofType(Observation).value");
        });
  }

  @Test
  void keepsThePanelsThatAPanelIsIn() throws LabRejected {
    // given
    Bundle bundle = bundle();
    String glucose = first(bundle, DiagnosticReport.class).getResultFirstRep().getReference();
    Observation inner = panel("Diff", "Räknad för hand", glucose);
    Observation outer = panel("Blodstatus", "Hemolys", add(bundle, inner), glucose);
    Observation only = panel("Allt", null, add(bundle, outer));
    first(bundle, DiagnosticReport.class)
        .setResult(List.of(new Reference(add(bundle, only)), new Reference(glucose)));

    // when
    LabReport report = one(bundle);

    // then
    assertThat(report.groups())
        .extracting(Group::shown, Group::code, Group::comment, group -> group.analyses().size())
        .containsExactly(
            tuple(null, null, null, 1),
            tuple("Allt, Blodstatus", Coded.words("Blodstatus"), "Hemolys", 1),
            tuple("Allt, Blodstatus, Diff", Coded.words("Diff"), "Hemolys\nRäknad för hand", 1));
    assertThat(RecordVersions.types(report)).contains("Allt", "Blodstatus", "Diff");
  }

  @Test
  void refusesPanelsThatHoldThemselvesOrRepeatTooMuch() {
    // given
    Bundle endless = bundle();
    Observation panel = panel("A", null);
    String url = add(endless, panel);
    panel.addHasMember(new Reference(url));
    first(endless, DiagnosticReport.class).addResult(new Reference(url));
    Bundle wordy = bundle();
    String glucose = first(wordy, DiagnosticReport.class).getResultFirstRep().getReference();
    String inner = add(wordy, panel("B", null, glucose));
    first(wordy, DiagnosticReport.class)
        .addResult(new Reference(add(wordy, panel("A", "x".repeat(4_001), inner))));

    // then
    assertThat(fault(endless))
        .isEqualTo("TOO_LARGE Bundle.entry[5].resource.ofType(Observation).hasMember");
    assertThat(fault(wordy)).isEqualTo("TOO_LARGE Bundle.entry[5].resource.ofType(Observation)");
  }

  @Test
  void keepsWhatARangeIsOfAndWhomItHoldsFor() throws LabRejected {
    // when
    Analysis analysis =
        analysis(it -> {
          it.getReferenceRangeFirstRep().getType().addCoding(meaning("normal"));
          it.addReferenceRange()
              .setLow(new Quantity(2))
              .setText("Före måltid")
              .setType(new CodeableConcept(meaning("therapeutic")).setText("Målvärde"))
              .setAge(new Range().setLow(years(18)).setHigh(years(65)))
              .addAppliesTo(new CodeableConcept().setText("Kvinna"));
          it.addReferenceRange().setText("4-6").setAge(new Range().setHigh(years(18)));
        });

    // then
    List<LabReport.Range> references = analysis.findings().getFirst().references();
    assertThat(references)
        .extracting(LabReport.Range::text, LabReport.Range::population)
        .containsExactly(
            tuple(null, null),
            tuple("Målvärde\nFöre måltid", "Kvinna, ålder 18 – 65 år"),
            tuple("4-6", "ålder ≤ 18 år"));
    Value value = analysis.findings().getFirst().value();
    assertThat(references)
        .extracting(reference -> ContractXml.referenceOfWhom(reference, value))
        .containsExactly(
            "4.0 – 6.0",
            "Kvinna, ålder 18 – 65 år: ≥ 2, Målvärde\nFöre måltid",
            "ålder ≤ 18 år: 4-6");
  }

  @Test
  void tellsTheUnitsOfARangeThatAreNotTheValues() throws LabRejected {
    // when
    Analysis analysis =
        analysis(it -> {
          it.getReferenceRange().clear();
          it.addReferenceRange().setLow(in("4", "mmol/L")).setHigh(in("6", "mmol/L"));
          it.addReferenceRange().setLow(in("72", "mg/dL")).setHigh(in("108", "mg/dL"));
          it.addReferenceRange().setLow(in("72", null)).setHigh(in("108", "mg/dL"));
          it.addReferenceRange()
              .setLow(in("700", "µmol/L"))
              .setHigh(in("6", "mmol/L"))
              .setText("fastande")
              .setAge(new Range().setLow(in("6", "mån")).setHigh(years(2)));
          it.addReferenceRange().setHigh(in("2", "1"));
        });

    // then
    Finding finding = analysis.findings().getFirst();
    assertThat(finding.references())
        .extracting(reference -> ContractXml.referenceOfWhom(reference, finding.value()))
        .containsExactly(
            "4 – 6",
            "72 – 108 mg/dL",
            "72 – 108 mg/dL",
            "ålder 6 mån – 2 år: 700 µmol/L – 6 mmol/L, fastande",
            "≤ 2");
    assertThat(ContractXml.reference(finding.references().getFirst(), null))
        .isEqualTo("4 – 6 mmol/L");
  }

  @Test
  void keepsAValueBetweenTwoUnitsInWords() throws LabRejected {
    // when
    Analysis analysis =
        analysis(it -> it.setValue(new Range().setLow(in("700", "µg")).setHigh(in("2", "mg"))));

    // then
    Value value = analysis.findings().getFirst().value();
    assertThat(ContractXml.shown(value)).isEqualTo("700 µg – 2 mg");
  }

  private static Quantity in(String number, @Nullable String unit) {
    return new Quantity().setValue(new BigDecimal(number)).setUnit(unit);
  }

  @Test
  void refusesAnIdWithHalfACharacter() {
    // given
    String content = json(bundle()).replace("\"value\":\"L-1\"", "\"value\":\"L-\\ud83d\"");

    // when
    LabRejected rejected =
        catchThrowableOfType(LabRejected.class, () -> read(Delivery.Format.FHIR_JSON, content));

    // then
    assertThat(rejected.faults())
        .extracting(LabFault::code, LabFault::path)
        .containsExactly(
            tuple(
                LabFault.Code.INVALID,
                "Bundle.entry[4].resource.ofType(DiagnosticReport).identifier.value"));
  }

  @Test
  void readsASharedObservationWithTheSpecimenOfEachReport() throws LabRejected {
    // given
    Bundle bundle = transaction(lab(OruMessage.RESIDENT, "L-1"), lab(OruMessage.RESIDENT, "L-2"));
    List<Bundle.BundleEntryComponent> entries = bundle.getEntry();
    ((Observation) entries.get(3).getResource()).setSpecimen(null);
    ((Specimen) entries.get(6).getResource()).setType(new CodeableConcept().setText("Serum"));
    ((DiagnosticReport) entries.get(4).getResource())
        .addSpecimen(new Reference(entries.get(1).getFullUrl()));
    ((DiagnosticReport) entries.get(9).getResource())
        .addSpecimen(new Reference(entries.get(6).getFullUrl()))
        .addResult(new Reference(entries.get(3).getFullUrl()));

    // when
    List<LabReport> reports = read(Delivery.Format.FHIR_JSON, json(bundle));

    // then
    assertThat(reports)
        .extracting(report ->
            report.groups().getFirst().analyses().getLast().specimens().getFirst().material())
        .containsExactly(Coded.words("Plasma"), Coded.words("Serum"));
  }

  @Test
  void refusesAContainedObservationToWhichNoReportLeads() throws LabRejected {
    // given
    Observation contained = panel("Natrium", null);
    contained.setId("o");
    contained.setValue(new Quantity(140));
    Bundle led =
        with(
            DiagnosticReport.class,
            it -> it.addResult(new Reference("#o")).addContained(contained));

    // then
    assertThat(one(led).groups().getFirst().analyses())
        .extracting(analysis -> analysis.code().shown())
        .containsExactly("P-Glukos", "Natrium");
    assertThat(
            fault(
                Observation.class,
                it -> it.addDerivedFrom(new Reference("#o")).addContained(contained)))
        .isEqualTo(
            "INVALID Bundle.entry[3].resource.ofType(Observation)"
                + ".contained[0].ofType(Observation)");
  }

  @Test
  void keepsTheWordsOfACategoryThatIsCodedAsLaboratory() throws LabRejected {
    // given
    Coding laboratory = new Coding(null, "LAB", "Laboratorium");

    // then
    assertThat(discipline(new CodeableConcept(laboratory).setText("Klinisk kemi")))
        .isEqualTo(Coded.words("Klinisk kemi"));
    assertThat(discipline(new CodeableConcept(laboratory).setText("laboratorium"))).isNull();
    assertThat(discipline(new CodeableConcept(laboratory).setText("Laboratory"))).isNull();
    assertThat(discipline(new CodeableConcept(laboratory))).isNull();
  }

  private static @Nullable Coded discipline(CodeableConcept category) throws LabRejected {
    return one(with(DiagnosticReport.class, it -> it.addCategory(category))).discipline();
  }

  @ParameterizedTest
  @CsvSource({
    "H, true",
    "HX, true",
    "LX, true",
    "<, true",
    ">, true",
    "POS, true",
    "R, true",
    "NS, true",
    "H>, true",
    "L<, true",
    "CAR, true",
    "IND, false",
    "N, false",
    "NEG, false",
    "S, false"
  })
  void contractThreeTellsWhetherAValueDeviates(String code, boolean expected) throws Exception {
    // given
    LabReport report =
        one(
            with(
                Observation.class,
                it -> {
                  it.getInterpretation().clear();
                  it.addInterpretation()
                      .addCoding(new Coding(CodeSystems.SNOMED, "281302008", "Över intervallet"))
                      .addCoding(new Coding(CodeSystems.INTERPRETATION, code, null));
                }));
    StringWriter written = new StringWriter();
    XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(written);

    // when
    xml.writeStartElement("item");
    new LabContract3(xml).write(new HeldReport(report, "SE2321000016-0001", CLOCK.instant(), true));
    xml.writeEndElement();
    xml.close();

    // then
    assertThat(written.toString()).contains("pathologicalFlag>" + expected + "<");
  }

  @Test
  void refusesAnOrderOfAnotherResident() throws LabRejected {
    // given
    Reference other = new Reference();
    other.getIdentifier().setSystem("urn:oid:1.2.752.129.2.1.3.1").setValue("202312302397");
    Bundle second = bundle();
    ServiceRequest order = new ServiceRequest();
    order.setStatus(ServiceRequestStatus.ACTIVE).setIntent(ServiceRequestIntent.ORDER);
    first(second, DiagnosticReport.class)
        .addBasedOn(new Reference(add(second, order.setSubject(other))));

    // then
    assertThat(fault(ServiceRequest.class, it -> it.setSubject(other)))
        .isEqualTo("IDENTITY Bundle.entry[2].resource.ofType(ServiceRequest).subject");
    assertThat(fault(second))
        .isEqualTo("IDENTITY Bundle.entry[5].resource.ofType(ServiceRequest).subject");
    Bundle same = bundle();
    first(same, ServiceRequest.class)
        .setSubject(first(same, DiagnosticReport.class).getSubject().copy());
    assertThat(one(same).order()).isEqualTo(one(bundle()).order());
  }

  @Test
  void refusesADocumentThatIsNowhere() throws LabRejected {
    // given
    Bundle named =
        with(
            DiagnosticReport.class,
            it -> {
              it.addPresentedForm().setTitle("Utlåtande");
              it.addPresentedForm().setUrl("https://lab.example/1");
              it.addPresentedForm().setContentType("application/pdf").setData(new byte[] {37});
            });

    // then
    assertThat(one(named).attachments())
        .containsExactly(
            new LabReport.Attachment(null, "Utlåtande", null),
            new LabReport.Attachment(null, "https://lab.example/1", null),
            new LabReport.Attachment("application/pdf", null, "JQ=="));
    first(named, DiagnosticReport.class).addPresentedForm().setContentType("application/pdf");
    assertThat(fault(named))
        .isEqualTo(
            "MISSING Bundle.entry[4].resource.ofType(DiagnosticReport).presentedForm[3].data");
  }

  @Test
  void rulesOfReleaseNameWhicheverCodeCame() throws LabRejected {
    // given
    Bundle bundle =
        with(
            Observation.class,
            it ->
                it.getCode()
                    .addCoding(new Coding("urn:example:local", "GLU", "Glukos lokalt"))
                    .addCoding(new Coding(CodeSystems.LOINC, "14749-6", null)));
    first(bundle, DiagnosticReport.class)
        .addCategory(
            new CodeableConcept()
                .addCoding(new Coding(null, "LAB", "Laboratory"))
                .addCoding(new Coding(null, "genetik", null)))
        .addCategory(new CodeableConcept().setText("Klinisk kemi"));

    // when
    LabReport report = one(bundle);

    // then
    assertThat(report.groups().getFirst().analyses().getFirst().code())
        .isEqualTo(
            new Coded(
                "NPU02192",
                CodeSystems.NPU,
                "P-Glukos",
                List.of(
                    new Coded("14749-6", CodeSystems.LOINC, null),
                    new Coded("GLU", "urn:example:local", "Glukos lokalt"))));
    assertThat(report.discipline())
        .isEqualTo(new Coded("genetik", null, null, List.of(Coded.words("Klinisk kemi"))));
    assertThat(RecordVersions.types(report))
        .contains("P-Glukos", "GLU", "Glukos lokalt", "14749-6", "genetik", "Klinisk kemi")
        .doesNotContain("LAB");
  }

  private static Coding meaning(String code) {
    return new Coding("http://terminology.hl7.org/CodeSystem/referencerange-meaning", code, null);
  }

  private static Quantity years(int number) {
    return new Quantity(number).setUnit("år");
  }

  private static Observation panel(String name, @Nullable String note, String... members) {
    Observation panel = new Observation();
    panel.setStatus(ObservationStatus.FINAL).getCode().setText(name);
    if (note != null) {
      panel.addNote().setText(note);
    }
    for (String member : members) {
      panel.addHasMember(new Reference(member));
    }
    return panel;
  }

  private static String add(Bundle bundle, Resource resource) {
    String url = "urn:uuid:" + UUID.randomUUID();
    bundle.addEntry().setFullUrl(url).setResource(resource);
    return url;
  }

  private static ObservationComponentComponent component(Observation observation, String words) {
    return observation.addComponent().setCode(new CodeableConcept().setText(words));
  }

  private static CodeableConcept code(String interpretation) {
    return new CodeableConcept()
        .addCoding(new Coding(CodeSystems.INTERPRETATION, interpretation, null));
  }

  private static Value number(String digits) {
    return Value.range(LabReport.Range.number(digits, "", null));
  }

  private static Analysis analysis(Consumer<Observation> change) throws LabRejected {
    return one(with(Observation.class, change)).groups().getFirst().analyses().getFirst();
  }

  private static LabReport one(Bundle bundle) throws LabRejected {
    List<LabReport> reports = read(Delivery.Format.FHIR_JSON, json(bundle));
    assertThat(reports).hasSize(1);
    assertThat(LabJson.read(LabJson.write(reports.getFirst()))).isEqualTo(reports.getFirst());
    return reports.getFirst();
  }

  private static Bundle bundle() {
    return transaction(lab(OruMessage.RESIDENT, "L-1"));
  }

  private static <T extends Resource> Bundle with(Class<T> type, Consumer<T> change) {
    Bundle bundle = bundle();
    change.accept(first(bundle, type));
    return bundle;
  }

  private static <T extends Resource> T first(Bundle bundle, Class<T> type) {
    return bundle.getEntry().stream()
        .map(Bundle.BundleEntryComponent::getResource)
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  private static <T extends Resource> String fault(Class<T> type, Consumer<T> change) {
    return fault(with(type, change));
  }

  /** The same in either format. */
  private static String fault(Bundle bundle) {
    LabFault inJson =
        catchThrowableOfType(LabRejected.class, () -> read(Delivery.Format.FHIR_JSON, json(bundle)))
            .faults()
            .getFirst();
    LabFault inXml =
        catchThrowableOfType(LabRejected.class, () -> read(Delivery.Format.FHIR_XML, xml(bundle)))
            .faults()
            .getFirst();
    assertThat(inXml).isEqualTo(inJson);
    return inJson.code() + " " + inJson.path();
  }

  private static List<LabReport> read(Delivery.Format format, String content) throws LabRejected {
    return FORMAT
        .read(new Delivery(LAB, Delivery.Way.HTTP, format, content.getBytes(UTF_8)))
        .reports();
  }
}
