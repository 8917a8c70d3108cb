package se.samflode.lab;

import tools.jackson.databind.json.JsonMapper;

/** Reports as they are stored: equal reports give equal texts. Stateless, thread-safe. */
final class LabJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private LabJson() {}

  static String write(LabReport report) {
    return MAPPER.writeValueAsString(report);
  }

  static LabReport read(String content) {
    return MAPPER.readValue(content, LabReport.class);
  }
}
