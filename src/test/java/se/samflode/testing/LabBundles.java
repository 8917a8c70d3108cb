package se.samflode.testing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DiagnosticReport.DiagnosticReportStatus;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Specimen;
import org.hl7.fhir.r4.model.UriType;
import org.jspecify.annotations.Nullable;
import se.samflode.lab.FhirR4;

/** Bundles as a laboratory sends them, made with HAPI's own model. */
public final class LabBundles {

  private static final String PERSONNUMMER = "urn:oid:1.2.752.129.2.1.3.1";

  private LabBundles() {}

  /** One answer of a laboratory. */
  public static final class Lab {

    private final String resident;
    private final String record;
    private String system = PERSONNUMMER;
    private String status = "final";
    private @Nullable Instant issued = Instant.parse("2026-11-20T10:00:00Z");
    private String value = "5.2";
    private @Nullable String sourceSystem;
    private @Nullable String discipline;
    private @Nullable String conclusion;
    private @Nullable Long sequence;

    private Lab(String resident, String record) {
      this.resident = resident;
      this.record = record;
    }

    /** The OID of the kind of identity, or another spelling of it. */
    public Lab system(String given) {
      system = given;
      return this;
    }

    /** A code of FHIR's. */
    public Lab status(String given) {
      status = given;
      return this;
    }

    /** The source's time of this version, if it tells one. */
    public Lab issued(@Nullable String given) {
      issued = given == null ? null : Instant.parse(given);
      return this;
    }

    /** Of the one analysis that is measured, mmol/L. */
    public Lab value(String given) {
      value = given;
      return this;
    }

    /** As meta.source names it. */
    public Lab sourceSystem(String given) {
      sourceSystem = given;
      return this;
    }

    /** A category that is not LAB. */
    public Lab discipline(String given) {
      discipline = given;
      return this;
    }

    /** The answer in words. */
    public Lab conclusion(String given) {
      conclusion = given;
      return this;
    }

    /** The source's own number of this version. */
    public Lab sequence(long given) {
      sequence = given;
      return this;
    }

    private List<Resource> resources() {
      String patientUrl = url();
      Patient patient = new Patient();
      patient.setId(patientUrl);
      patient.addIdentifier().setSystem(system).setValue(resident);

      Specimen specimen = new Specimen();
      specimen.setId(url());
      specimen.setType(new CodeableConcept().setText("Plasma"));
      specimen.getCollection().setCollected(new DateTimeType("2026-11-19T08:30:00+01:00"));

      ServiceRequest order = new ServiceRequest();
      order.setId(url());
      order.setStatus(ServiceRequest.ServiceRequestStatus.ACTIVE);
      order.setIntent(ServiceRequest.ServiceRequestIntent.ORDER);
      order.addIdentifier().setValue("R-" + record);
      order.setAuthoredOn(Date.from(Instant.parse("2026-11-18T09:00:00Z")));
      order.addReasonCode().setText("Kontroll");

      Observation glucose = observation(patientUrl, specimen);
      glucose.getCode().addCoding().setSystem("urn:oid:1.2.752.108.1").setCode("NPU02192");
      glucose.getCode().setText("P-Glukos");
      glucose.setValue(
          new Quantity()
              .setValue(new BigDecimal(value))
              .setUnit("mmol/L")
              .setSystem("http://unitsofmeasure.org")
              .setCode("mmol/L"));
      glucose
          .addReferenceRange()
          .setLow(new Quantity().setValue(new BigDecimal("4.0")).setUnit("mmol/L"))
          .setHigh(new Quantity().setValue(new BigDecimal("6.0")).setUnit("mmol/L"));
      glucose
          .addInterpretation()
          .addCoding()
          .setSystem("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation")
          .setCode("N");

      DiagnosticReport report = new DiagnosticReport();
      report.setId(url());
      report.addIdentifier().setValue(record);
      report.setStatus(DiagnosticReportStatus.fromCode(status));
      if (issued != null) {
        report.setIssuedElement(new InstantType(Date.from(issued)));
      }
      report.getCode().addCoding().setSystem("http://loinc.org").setCode("24323-8");
      report.getCode().setText("Kemi");
      report.setSubject(new Reference(patientUrl));
      report.addBasedOn(new Reference(order.getId()));
      report.addResult(new Reference(glucose.getId()));
      report.addPerformer().setDisplay("Svealab");
      report.setConclusion(conclusion);
      if (discipline != null) {
        report.addCategory().addCoding().setCode(discipline);
      }
      if (sourceSystem != null) {
        report.getMeta().setSource("urn:oid:1.2.752.129.2.1.4.1#" + sourceSystem);
      }
      if (sequence != null) {
        report.getMeta().setVersionId(String.valueOf(sequence));
      }
      return List.of(patient, specimen, order, glucose, report);
    }

    private static Observation observation(String patient, Specimen specimen) {
      Observation observation = new Observation();
      observation.setId(url());
      observation.setStatus(ObservationStatus.FINAL);
      observation.setSubject(new Reference(patient));
      observation.setSpecimen(new Reference(specimen.getId()));
      observation.setEffective(new DateTimeType("2026-11-19T08:30:00+01:00"));
      return observation;
    }

    private static String url() {
      return "urn:uuid:" + UUID.randomUUID();
    }
  }

  /** An answer about a resident, under a record id. */
  public static Lab lab(String resident, String record) {
    return new Lab(resident, record);
  }

  /** A transaction with some answers. */
  public static Bundle transaction(Lab... answers) {
    Bundle bundle = new Bundle().setType(BundleType.TRANSACTION);
    for (Lab answer : answers) {
      add(bundle, answer.resources());
    }
    bundle
        .getEntry()
        .forEach(entry ->
            entry.getRequest().setMethod(HTTPVerb.POST).setUrl(entry.getResource().fhirType()));
    return bundle;
  }

  /** A message with some answers. */
  public static Bundle message(String id, Lab... answers) {
    MessageHeader header = new MessageHeader();
    header.setId(id);
    header.setEvent(new UriType("urn:example:lab-results"));
    header.getSource().setEndpoint("urn:example:lis");
    List<Resource> all = new ArrayList<>(List.of(header));
    for (Lab answer : answers) {
      all.addAll(answer.resources());
    }
    Bundle bundle = new Bundle().setType(BundleType.MESSAGE);
    add(bundle, all);
    return bundle;
  }

  private static void add(Bundle bundle, List<Resource> resources) {
    for (Resource resource : resources) {
      String url = resource.getId();
      bundle.addEntry().setFullUrl(url.startsWith("urn:") ? url : null).setResource(resource);
      if (url.startsWith("urn:")) {
        resource.setId((String) null);
      }
    }
  }

  /** A Bundle as JSON. */
  public static String json(Bundle bundle) {
    return FhirR4.context().newJsonParser().encodeResourceToString(bundle);
  }

  /** A Bundle as XML. */
  public static String xml(Bundle bundle) {
    return FhirR4.context().newXmlParser().encodeResourceToString(bundle);
  }
}
