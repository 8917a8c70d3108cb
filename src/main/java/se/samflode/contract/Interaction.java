package se.samflode.contract;

import java.util.regex.Pattern;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/**
 * One interaction with a version, and all names that follow from these facts. Immutable. Source:
 * RIV-TA Basic Profile 2.1, naming rules.
 *
 * @param domain the service domain, such as {@code crm:scheduling}
 * @param operation the operation, such as {@code GetSubjectOfCareSchedule}
 * @param major the major version, 1 to 99
 * @param minor the minor version, 0 to 99
 * @param irregularSoapAction the value of SOAPAction where it does not follow from the others;
 *     {@code null} where it does
 */
public record Interaction(
    String domain, String operation, int major, int minor, @Nullable String irregularSoapAction) {

  private static final Pattern DOMAIN = Pattern.compile("[a-z][A-Za-z0-9]*(:[a-z][A-Za-z0-9]*)*");
  private static final Pattern OPERATION = Pattern.compile("[A-Z][A-Za-z0-9]{0,99}");

  /**
   * Checks the parts, since all names are made of them.
   *
   * @throws IllegalArgumentException if one is missing or wrong; the text says which
   */
  public Interaction {
    DescriptorRules.matches(
        domain, DOMAIN, "interaction.domain", "a service domain, such as crm:scheduling");
    DescriptorRules.matches(
        operation, OPERATION, "interaction.operation", "an operation, such as GetDiagnosis");
    DescriptorRules.require(major >= 1 && major <= 99, "interaction.major must be 1 to 99");
    DescriptorRules.require(minor >= 0 && minor <= 99, "interaction.minor must be 0 to 99");
  }

  /** One whose names all follow the rules. */
  public Interaction(String domain, String operation, int major, int minor) {
    this(domain, operation, major, minor, null);
  }

  /** The name by which people, files and metrics know it, such as {@code FindContent 1}. */
  public String name() {
    return operation + " " + major;
  }

  /**
   * Namespace of request and response; also the contract's name where rights and routes are kept.
   */
  public String namespace() {
    return "urn:riv:" + domain + ":" + operation + "Responder:" + major;
  }

  /** The request element. */
  public QName request() {
    return new QName(namespace(), operation);
  }

  /** The response element. */
  public QName response() {
    return new QName(namespace(), operation + "Response");
  }

  /** The value of the HTTP header SOAPAction, without quotes. */
  public String soapAction() {
    return irregularSoapAction == null ? namespace() + ":" + operation : irregularSoapAction;
  }

  /** The path below {@code /rivta} where consumers find it. */
  public String path() {
    return "/" + folder() + "/rivtabp21";
  }

  /** The WSDL on the class path. */
  public String wsdl() {
    return "contracts/rivta/"
        + folder()
        + "/%sInteraction_%d.%d_RIVTABP21.wsdl".formatted(operation, major, minor);
  }

  /** The descriptor of an aggregated contract on the class path. */
  public String descriptor() {
    return "contracts/rivta/" + folder() + "/contract.yaml";
  }

  /** The schema of request and response on the class path. */
  String responderSchema() {
    return "contracts/rivta/"
        + folder()
        + "/%sResponder_%d.%d.xsd".formatted(operation, major, minor);
  }

  /** The WSDL's service. */
  public QName service() {
    return new QName(wsdlNamespace(), operation + "ResponderService");
  }

  /** The WSDL's port. */
  public QName port() {
    return new QName(wsdlNamespace(), operation + "ResponderPort");
  }

  private String wsdlNamespace() {
    return "urn:riv:%s:%s:%d:rivtabp21".formatted(domain, operation, major);
  }

  private String folder() {
    return domain.replace(':', '/') + "/" + operation + "/" + major;
  }
}
