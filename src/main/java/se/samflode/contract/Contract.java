package se.samflode.contract;

import java.util.List;

/**
 * One interaction with a version, as its descriptor under {@code contracts/rivta} tells. Names and
 * namespaces follow RIV-TA Basic Profile 2.1 (section a.2). Immutable.
 *
 * @param interaction the operation, such as {@code GetSubjectOfCareSchedule}
 * @param major the major version, 1 or more
 * @param minor the minor version, 0 or more
 * @param domain the service domain with colons, such as {@code crm:scheduling}
 * @param index where the engagement index knows of content
 * @param called which address of an engagement is called
 * @param request the children of the request that is sent to producers
 * @param item the response's repeating element, in the responder namespace
 */
public record Contract(
    String interaction,
    int major,
    int minor,
    String domain,
    IndexLookup index,
    CalledAddress called,
    Request request,
    String item) {

  /**
   * The index look-up of a contract.
   *
   * @param serviceDomain as indexed, such as {@code riv:crm:scheduling}
   * @param categorizations those that count; empty for all
   */
  public record IndexLookup(String serviceDomain, List<String> categorizations) {
    /** Copies the list. */
    public IndexLookup {
      categorizations = List.copyOf(categorizations);
    }
  }

  /**
   * The request's children, both in the responder namespace.
   *
   * @param address the element that takes the address called
   * @param resident the element that takes the resident's identity
   */
  public record Request(String address, String resident) {}

  /** The name by which files and metrics know it, such as {@code GetSubjectOfCareSchedule 1}. */
  public String name() {
    return interaction + " " + major;
  }

  /** The namespace of request and response, and the contract's name towards other platforms. */
  public String responderNamespace() {
    return "urn:riv:" + domain + ":" + interaction + "Responder:" + major;
  }

  /** The name space of the contract's WSDL. */
  public String wsdlNamespace() {
    return "urn:riv:" + domain + ":" + interaction + ":" + major + ":rivtabp21";
  }

  /** The value of the HTTP header SOAPAction, without quotes. */
  public String soapAction() {
    return responderNamespace() + ":" + interaction;
  }

  /** The path below {@code /rivta} where consumers find it. */
  public String path() {
    return "/" + domain.replace(':', '/') + "/" + interaction + "/" + major + "/rivtabp21";
  }

  /** The local name of the response element. */
  public String responseElement() {
    return interaction + "Response";
  }
}
