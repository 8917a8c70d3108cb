package se.samflode.mockregions;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * One version of an answer of the mock lab: one measured value. Immutable; prints itself redacted.
 *
 * @param resident a personnummer
 * @param record the lab's id of the answer
 * @param value as digits
 * @param status of FHIR's codes: {@code final}, {@code corrected} or {@code entered-in-error}
 * @param issued the lab's time of this version
 */
public record LabSample(
    String resident, String record, String value, String status, Instant issued) {

  private static final DateTimeFormatter HL7 =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss.SSSZ").withZone(ZoneId.of("Europe/Stockholm"));

  /** Whether it takes the answer back. */
  public boolean withdraws() {
    return status.equals("entered-in-error");
  }

  /**
   * A FHIR transaction as JSON.
   *
   * @param sourceSystem HSA-id of the lab's system
   */
  public String fhir(String sourceSystem) {
    return """
    {"resourceType":"Bundle","type":"transaction","entry":[
     {"fullUrl":"urn:uuid:6f0c0d2e-3a53-4f0b-9d3a-2d54d1a0a001","request":{"method":"POST","url":"DiagnosticReport"},
      "resource":{"resourceType":"DiagnosticReport","meta":{"source":"urn:oid:1.2.752.129.2.1.4.1#%s"},
       "identifier":[{"value":"%s"}],"status":"%s","issued":"%s",
       "code":{"text":"Kemi"},"conclusion":"Prov från mock-regions",
       "subject":{"identifier":{"system":"urn:oid:1.2.752.129.2.1.3.1","value":"%s"}},
       "performer":[{"display":"Svealab"}],
       "result":[{"reference":"urn:uuid:6f0c0d2e-3a53-4f0b-9d3a-2d54d1a0a002"}]}},
     {"fullUrl":"urn:uuid:6f0c0d2e-3a53-4f0b-9d3a-2d54d1a0a002","request":{"method":"POST","url":"Observation"},
      "resource":{"resourceType":"Observation","status":"final","effectiveDateTime":"%s",
       "code":{"coding":[{"system":"http://npu-terminology.org","code":"NPU02192"}],"text":"P-Glukos"},
       "valueQuantity":{"value":%s,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"},
       "referenceRange":[{"low":{"value":4.0,"unit":"mmol/L"},"high":{"value":6.0,"unit":"mmol/L"}}]}}]}
    """
        .formatted(sourceSystem, record, status, issued, resident, issued, value);
  }

  /**
   * A message of HL7 v2 with carriage returns.
   *
   * @param sourceSystem HSA-id of the lab's system
   * @param controlId its MSH-10
   */
  public String hl7(String sourceSystem, String controlId) {
    String time = HL7.format(issued);
    String code =
        switch (status) {
          case "final" -> "F";
          case "corrected" -> "C";
          default -> "W";
        };
    return String.join(
            "\r",
            "MSH|^~\\&|%s|GOTALAB|SAMFLODE||%s||ORU^R01^ORU_R01|%s|P|2.5||||||UNICODE UTF-8"
                .formatted(sourceSystem, time, controlId),
            "PID|1||%s^^^&1.2.752.129.2.1.3.1&ISO".formatted(resident),
            "OBR|1||%s|KEMI^Kemi^L|||%s|||||||||||||||%s|||%s"
                .formatted(record, time, time, code.equals("W") ? "" : code),
            "OBX|1|NM|NPU02192^P-Glukos^SWNPU||%s|mmol/L^mmol/L^UCUM|4.0-6.0|N|||%s"
                .formatted(value, code))
        + "\r";
  }

  @Override
  public String toString() {
    return "LabSample[" + record + ", resident redacted]";
  }
}
