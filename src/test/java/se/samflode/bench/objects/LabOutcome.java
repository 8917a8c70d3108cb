package se.samflode.bench.objects;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlAnyElement;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlRootElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GetLaboratoryOrderOutcome 3 as classes, such as a generator makes of its schemas: mutable, a
 * field for each element, in the schema's order, lists for what the schema leaves open.
 */
final class LabOutcome {

  static final String CORE = "urn:riv:clinicalprocess:healthcond:actoutcome:3";
  static final String OWN =
      "urn:riv:clinicalprocess:healthcond:actoutcome:GetLaboratoryOrderOutcomeResponder:3";
  static final String HEADERS = "urn:riv:interoperability:headers:1";
  private static final String MINOR = "urn:riv:clinicalprocess:healthcond:actoutcome:3.1";

  private LabOutcome() {}

  @XmlRootElement(name = "GetLaboratoryOrderOutcome", namespace = OWN)
  @XmlType(name = "Question", namespace = OWN)
  @XmlAccessorType(XmlAccessType.FIELD)
  static class Question {
    @Nullable List<String> careUnitHSAId;
    @Nullable PersonId patientId;
    @Nullable Period timePeriod;
    @Nullable String sourceSystemHSAId;
    @Nullable List<String> careContactId;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlRootElement(name = "GetLaboratoryOrderOutcomeResponse", namespace = OWN)
  @XmlType(name = "Answer", namespace = OWN)
  @XmlAccessorType(XmlAccessType.FIELD)
  static class Answer {
    List<Outcome> laboratoryOrderOutcome = new ArrayList<>();
    @Nullable Result result;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Outcome {
    @Nullable Header laboratoryOrderOutcomeHeader;
    @Nullable Body laboratoryOrderOutcomeBody;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Header {
    @Nullable String documentId;
    @Nullable String sourceSystemHSAId;
    @Nullable String documentTitle;
    @Nullable String documentTime;
    @Nullable PersonId patientId;
    @Nullable Professional accountableHealthcareProfessional;
    @Nullable Authenticator legalAuthenticator;
    boolean approvedForPatient;
    @Nullable String careContactId;
    @Nullable Boolean nullified;
    @Nullable String nullifiedReason;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Body {
    @Nullable String resultType;
    @Nullable String registrationTime;
    @Nullable String discipline;
    @Nullable String resultReport;
    @Nullable String resultComment;
    @Nullable Professional accountableHealthcareProfessional;
    @Nullable List<Analysis> analysis;
    @Nullable Order order;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Analysis {
    @Nullable Id analysisId;
    @Nullable Period analysisTime;
    @Nullable Code analysisCode;
    @Nullable String analysisText;
    @Nullable String analysisStatus;
    @Nullable String analysisComment;
    @Nullable String specimen;
    @Nullable String method;
    @Nullable List<Relation> relationToAnalysis;
    @Nullable Finding analysisOutcome;

    @XmlElement(namespace = MINOR)
    @Nullable Attested attested;
  }

  @XmlType(name = "Attested", namespace = MINOR)
  @XmlAccessorType(XmlAccessType.FIELD)
  static class Attested {
    @Nullable String attestedTime;
    @Nullable String attesterHSAId;
    @Nullable String attesterName;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Finding {
    @Nullable String outcomeValue;
    @Nullable String outcomeUnit;
    @Nullable String observationTime;
    boolean pathologicalFlag;
    @Nullable String outcomeDescription;
    @Nullable String referenceInterval;
    @Nullable String referencePopulation;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Professional {
    @Nullable String authorTime;
    @Nullable String healthcareProfessionalHSAId;
    @Nullable String healthcareProfessionalName;
    @Nullable Code healthcareProfessionalRoleCode;
    @Nullable Unit healthcareProfessionalOrgUnit;
    @Nullable String healthcareProfessionalCareUnitHSAId;
    @Nullable String healthcareProfessionalCareGiverHSAId;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Authenticator {
    @Nullable String signatureTime;
    @Nullable String legalAuthenticatorHSAId;
    @Nullable String legalAuthenticatorName;
    @Nullable Code legalAuthenticatorRoleCode;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Unit {
    @Nullable String orgUnitHSAId;
    @Nullable String orgUnitName;
    @Nullable String orgUnitTelecom;
    @Nullable String orgUnitEmail;
    @Nullable String orgUnitAddress;
    @Nullable String orgUnitLocation;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Code {
    @Nullable String code;
    @Nullable String codeSystem;
    @Nullable String codeSystemName;
    @Nullable String codeSystemVersion;
    @Nullable String displayName;
    @Nullable String originalText;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class PersonId {
    @Nullable String id;
    @Nullable String type;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Id {
    @Nullable String root;
    @Nullable String extension;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Period {
    @Nullable String start;
    @Nullable String end;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Relation {
    @Nullable Id analysisId;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Order {
    @Nullable String orderId;
    @Nullable String orderReason;

    @XmlAnyElement(lax = true)
    @Nullable List<Object> any;
  }

  @XmlAccessorType(XmlAccessType.FIELD)
  static class Result {
    @Nullable String resultCode;
    @Nullable String errorCode;
    @Nullable String logId;
    @Nullable String subCode;
    @Nullable String message;
  }
}
