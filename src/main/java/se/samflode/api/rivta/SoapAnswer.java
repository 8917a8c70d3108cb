package se.samflode.api.rivta;

import java.io.ByteArrayInputStream;
import java.util.Map;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * What an operation answers. For one use.
 *
 * @param payload the response element
 * @param soapHeader what stands in the SOAP header, null for no header
 * @param httpHeaders HTTP headers of the response beside CXF's own
 */
record SoapAnswer(Source payload, @Nullable Element soapHeader, Map<String, String> httpHeaders) {

  SoapAnswer {
    httpHeaders = Map.copyOf(httpHeaders);
  }

  /** An answer of a response element alone. */
  static SoapAnswer of(byte[] payload) {
    return new SoapAnswer(new StreamSource(new ByteArrayInputStream(payload)), null, Map.of());
  }
}
