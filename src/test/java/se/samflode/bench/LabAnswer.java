package se.samflode.bench;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Answers of GetLaboratoryOrderOutcome 3 with items of about 5 kB, valid by its schema. */
final class LabAnswer {

  private static final int ANALYSES = 3;

  private LabAnswer() {}

  /** The envelope with some items about one resident. */
  static String text(int items, String resident) {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body>
    <r:GetLaboratoryOrderOutcomeResponse xmlns:r="urn:riv:clinicalprocess:healthcond:actoutcome:\
    GetLaboratoryOrderOutcomeResponder:3" xmlns:c="urn:riv:clinicalprocess:healthcond:actoutcome:3"\
     xmlns:e="urn:riv:clinicalprocess:healthcond:actoutcome:3.1">
    %s<r:result><c:resultCode>OK</c:resultCode><c:logId>1</c:logId></r:result>
    </r:GetLaboratoryOrderOutcomeResponse></soap:Body></soap:Envelope>
    """
        .formatted(
            IntStream.range(0, items)
                .mapToObj(n -> item(n, resident))
                .collect(Collectors.joining()));
  }

  private static String item(int number, String resident) {
    return String.format(
        Locale.ROOT,
        """
        <r:laboratoryOrderOutcome>
          <c:laboratoryOrderOutcomeHeader>
            <c:documentId>document-%1$06d</c:documentId>
            <c:sourceSystemHSAId>SE5565594230-LAB</c:sourceSystemHSAId>
            <c:documentTitle>Blodstatus</c:documentTitle>
            <c:documentTime>20261103081500</c:documentTime>
            <c:patientId><c:id>%2$s</c:id><c:type>1.2.752.129.2.1.3.1</c:type></c:patientId>
            <c:accountableHealthcareProfessional>
              <c:authorTime>20261103081500</c:authorTime>
              <c:healthcareProfessionalHSAId>SE5565594230-P001</c:healthcareProfessionalHSAId>
              <c:healthcareProfessionalName>Åsa Öberg</c:healthcareProfessionalName>
              <c:healthcareProfessionalRoleCode>
                <c:code>AP1</c:code>
                <c:codeSystem>1.2.752.129.2.2.1.4</c:codeSystem>
                <c:displayName>Läkare</c:displayName>
              </c:healthcareProfessionalRoleCode>
              <c:healthcareProfessionalOrgUnit>
                <c:orgUnitHSAId>SE5565594230-U001</c:orgUnitHSAId>
                <c:orgUnitName>Vårdcentralen Månskenet</c:orgUnitName>
                <c:orgUnitTelecom>010-000 00 00</c:orgUnitTelecom>
              </c:healthcareProfessionalOrgUnit>
              <c:healthcareProfessionalCareUnitHSAId>SE5565594230-U001\
        </c:healthcareProfessionalCareUnitHSAId>
              <c:healthcareProfessionalCareGiverHSAId>SE5565594230-G001\
        </c:healthcareProfessionalCareGiverHSAId>
            </c:accountableHealthcareProfessional>
            <c:approvedForPatient>true</c:approvedForPatient>
          </c:laboratoryOrderOutcomeHeader>
          <c:laboratoryOrderOutcomeBody>
            <c:resultType>DEF</c:resultType>
            <c:registrationTime>20261103101500</c:registrationTime>
            <c:discipline>Klinisk kemi</c:discipline>
            <c:resultComment>Provet taget fastande.</c:resultComment>
        %3$s    <c:order>
              <c:orderId>order-%1$06d</c:orderId>
              <c:orderReason>Trötthet, blodbrist?</c:orderReason>
            </c:order>
          </c:laboratoryOrderOutcomeBody>
        </r:laboratoryOrderOutcome>
        """,
        number,
        resident,
        IntStream.range(0, ANALYSES)
            .mapToObj(analysis -> analysis(number, analysis))
            .collect(Collectors.joining()));
  }

  private static String analysis(int item, int number) {
    return String.format(
        Locale.ROOT,
        """
            <c:analysis>
              <c:analysisId>
                <c:root>SE5565594230-LAB</c:root>
                <c:extension>document-%06d-%d</c:extension>
              </c:analysisId>
              <c:analysisTime><c:start>20261103081500</c:start></c:analysisTime>
              <c:analysisCode>
                <c:code>NPU28309</c:code>
                <c:codeSystem>1.2.752.108.1</c:codeSystem>
                <c:displayName>B-Hb</c:displayName>
              </c:analysisCode>
              <c:analysisStatus>Slutsvar</c:analysisStatus>
              <c:specimen>Blod</c:specimen>
              <c:analysisOutcome>
                <c:outcomeValue>109</c:outcomeValue>
                <c:outcomeUnit>g/L</c:outcomeUnit>
                <c:observationTime>20261103101500</c:observationTime>
                <c:pathologicalFlag>true</c:pathologicalFlag>
                <c:referenceInterval>117-153</c:referenceInterval>
              </c:analysisOutcome>
              <e:attested>
                <e:attestedTime>20261103101500</e:attestedTime>
                <e:attesterHSAId>SE5565594230-P001</e:attesterHSAId>
                <e:attesterName>Åsa Öberg</e:attesterName>
              </e:attested>
            </c:analysis>
        """,
        item,
        number);
  }
}
