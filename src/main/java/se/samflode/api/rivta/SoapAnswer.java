package se.samflode.api.rivta;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * What an operation answers. For one use.
 *
 * @param payload the response element in UTF-8, without XML declaration, with its namespaces
 *     declared on it; well-formed, since it is not looked at again
 * @param soapHeader what stands in the SOAP header, null for no header
 * @param httpHeaders HTTP headers of the response beside CXF's own
 */
record SoapAnswer(
    ByteArrayOutputStream payload, @Nullable Element soapHeader, Map<String, String> httpHeaders) {

  SoapAnswer {
    httpHeaders = Map.copyOf(httpHeaders);
  }

  /** An answer of a response element alone. */
  static SoapAnswer of(ByteArrayOutputStream payload) {
    return new SoapAnswer(payload, null, Map.of());
  }
}
