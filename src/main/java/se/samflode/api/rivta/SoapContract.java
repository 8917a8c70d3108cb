package se.samflode.api.rivta;

import javax.xml.namespace.QName;

/**
 * The names of one interaction, all built from four facts. Immutable. Source: RIV-TA Basic Profile
 * 2.1, naming rules.
 *
 * @param domain such as {@code itintegration:engagementindex}
 * @param interaction such as {@code FindContent}
 * @param major the contract's major version
 * @param minor the contract's minor version
 */
record SoapContract(String domain, String interaction, int major, int minor) {

  /** The path below {@code /rivta}. */
  String path() {
    return "/" + folder() + "/rivtabp21";
  }

  /** The WSDL on the class path. */
  String wsdl() {
    return "contracts/rivta/"
        + folder()
        + "/%sInteraction_%d.%d_RIVTABP21.wsdl".formatted(interaction, major, minor);
  }

  /** Namespace of request and answer; also the contract's name where rights and routes are kept. */
  String namespace() {
    return "urn:riv:%s:%sResponder:%d".formatted(domain, interaction, major);
  }

  QName request() {
    return new QName(namespace(), interaction);
  }

  QName service() {
    return new QName(wsdlNamespace(), interaction + "ResponderService");
  }

  QName port() {
    return new QName(wsdlNamespace(), interaction + "ResponderPort");
  }

  private String wsdlNamespace() {
    return "urn:riv:%s:%s:%d:rivtabp21".formatted(domain, interaction, major);
  }

  private String folder() {
    return domain.replace(':', '/') + "/" + interaction + "/" + major;
  }
}
