package se.samflode.lab;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An ORU^R01 as a laboratory writes it, changed at will. */
final class OruMessage {

  /** A published test identity. */
  static final String RESIDENT = "191212121212";

  private final List<String> segments = new ArrayList<>();

  /** A header, one resident and one order with the number {@code L-1}; observations are added. */
  static OruMessage of(String resident) {
    return new OruMessage()
        .add("MSH|^~\\&|LIS|LAB|SAMFLODE||20270115101500||ORU^R01^ORU_R01|M1|P|2.5||||||8859/1")
        .add("PID|1||" + resident + "^^^&1.2.752.129.2.1.3.1&ISO^NNSWE||Test^Tolvan")
        .add("ORC|RE|P-1|L-1")
        .add(
            "OBR|1|P-1|L-1|KEMI^Klinisk"
                + " kemi^L|||20270115080000|||||||||||||||20270115100000||LAB|F");
  }

  OruMessage add(String segment) {
    segments.add(segment);
    return this;
  }

  /** Changes a field of the first segment with a name; MSH-3 is 3. */
  OruMessage with(String name, int field, String value) {
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i).startsWith(name)) {
        List<String> fields = new ArrayList<>(List.of(segments.get(i).split("\\|", -1)));
        int at = name.equals("MSH") ? field - 1 : field;
        while (fields.size() <= at) {
          fields.add("");
        }
        fields.set(at, value);
        segments.set(i, String.join("|", fields));
        return this;
      }
    }
    throw new IllegalArgumentException("no segment " + name);
  }

  /** Takes away the first segment with a name. */
  OruMessage without(String name) {
    segments.remove(segments.stream().filter(s -> s.startsWith(name)).findFirst().orElseThrow());
    return this;
  }

  String text() {
    return String.join("\r", segments) + "\r";
  }

  byte[] bytes() {
    return bytes(StandardCharsets.ISO_8859_1);
  }

  byte[] bytes(Charset charset) {
    return text().getBytes(charset);
  }
}
