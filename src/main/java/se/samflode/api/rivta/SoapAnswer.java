package se.samflode.api.rivta;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * What an operation answers. For one use.
 *
 * @param payload writes the response element
 * @param soapHeader what stands in the SOAP header, null for no header
 * @param httpHeaders HTTP headers of the response beside CXF's own
 * @param written runs once, when the answer has been written or given up
 */
record SoapAnswer(
    Payload payload,
    @Nullable Element soapHeader,
    Map<String, String> httpHeaders,
    Runnable written) {

  /** Writes a response element. */
  interface Payload {

    /**
     * Writes the element in UTF-8, without XML declaration, with its namespaces declared on it; it
     * must be well-formed, since nobody looks at it again.
     */
    void writeTo(OutputStream out) throws IOException;
  }

  SoapAnswer {
    httpHeaders = Map.copyOf(httpHeaders);
  }

  /** An answer of a response element alone. */
  static SoapAnswer of(Payload payload) {
    return new SoapAnswer(payload, null, Map.of(), () -> {});
  }
}
