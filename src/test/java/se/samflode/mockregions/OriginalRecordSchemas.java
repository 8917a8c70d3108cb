package se.samflode.mockregions;

import java.io.IOException;
import org.xml.sax.SAXException;

/** The published schemas of the journal and lab systems' contracts, where they are at hand. */
final class OriginalRecordSchemas {

  private OriginalRecordSchemas() {}

  /** The schemas of one contract; the test that asks is skipped where there are none. */
  static OriginalSchemas of(String contract) throws IOException, SAXException {
    return switch (contract) {
      case "GetLaboratoryOrderOutcome 3", "GetReferralOutcome 3" ->
          schemas(
              "clinicalprocess-healthcond-actoutcome-3.1",
              contract,
              "3.1",
              "_enum_3.1",
              "_3.1_ext",
              "_3.1");
      case "GetLaboratoryOrderOutcome 4" ->
          schemas(
              "clinicalprocess-healthcond-actoutcome-4.0", contract, "4.0", "_enum_4.0", "_4.0");
      case "GetCareDocumentation 2" ->
          schemas(
              "clinicalprocess-healthcond-description-2.1",
              contract,
              "2.1",
              "_enum_2.1",
              "_2.1_ext",
              "_2.1");
      case "GetDiagnosis 2" ->
          schemas(
              "clinicalprocess-healthcond-description-2.1", contract, "2.0", "_enum_2.1", "_2.1");
      case "GetCareDocumentation 3" ->
          schemas(
              "clinicalprocess-healthcond-description-3.0", contract, "3.0", "_enum_3.0", "_3.0");
      case "GetCareContacts 2" ->
          schemas("clinicalprocess-logistics-logistics-2.0", contract, "2.0", "_enum_2.0", "_2.0");
      case "GetCareContacts 3" ->
          schemas("clinicalprocess-logistics-logistics-3.0", contract, "3.0", "_enum_3.0", "_3.0");
      case "GetCarePlans 2" ->
          schemas("clinicalprocess-logistics-logistics-3.0", contract, "2.0", "_enum_3.0", "_3.0");
      case "GetRequestActivities 1" -> schemas("crm-requeststatus-1.0", contract, "1.0", "_1.0");
      default -> throw new IllegalArgumentException("no schemas of " + contract);
    };
  }

  private static OriginalSchemas schemas(
      String folder, String contract, String version, String... cores)
      throws IOException, SAXException {
    String interaction = contract.replaceFirst(" .*", "");
    String core = folder.replaceFirst("-[\\d.]+$", "").replace('-', '_');
    String[] files = new String[cores.length + 1];
    for (int i = 0; i < cores.length; i++) {
      files[i] = folder + "/core_components/" + core + cores[i] + ".xsd";
    }
    files[cores.length] =
        "%s/interactions/%sInteraction/%2$sResponder_%s.xsd"
            .formatted(folder, interaction, version);
    return OriginalSchemas.atHand(files);
  }
}
