package se.samflode.lab;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import org.hl7.fhir.r4.model.Basic;

/** The one context of FHIR R4. Thread-safe. */
public final class FhirR4 {

  /** Making it costs a second, so there is one. */
  private static final FhirContext CONTEXT = make();

  private FhirR4() {}

  /** The context: parsers are made from it, and are not thread-safe. */
  public static FhirContext context() {
    return CONTEXT;
  }

  /**
   * HAPI takes whatever XML parser comes first on the class path, once, and sets it up as if it
   * were Woodstox; ours for the contracts is another, which comes first.
   */
  private static FhirContext make() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(new WoodstoxFirst(FhirR4.class.getClassLoader()));
    try {
      FhirContext context = FhirContext.forR4();
      context
          .newXmlParser()
          .parseResource(
              Basic.class, "<Basic xmlns=\"http://hl7.org/fhir\"><id value=\"1\"/></Basic>");
      return context;
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static final class WoodstoxFirst extends ClassLoader {

    private static final String SERVICE = "META-INF/services/" + XMLInputFactory.class.getName();

    WoodstoxFirst(ClassLoader parent) {
      super(parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      Enumeration<URL> all = super.getResources(name);
      if (!name.equals(SERVICE)) {
        return all;
      }
      List<URL> woodstox =
          Collections.list(all).stream().filter(url -> url.getPath().contains("woodstox")).toList();
      return Collections.enumeration(woodstox);
    }
  }
}
