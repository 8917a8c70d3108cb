package se.samflode.contract;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;
import se.samflode.config.InvalidFile;

/**
 * Holds a descriptor against its schemas, at start: a path that leads nowhere would not fail later,
 * it would see nothing, and a filter or the check of the resident would silently be off.
 */
final class DescriptorCheck {

  private final Contract contract;
  private final SchemaNames responder;
  private final SchemaNames core;

  private DescriptorCheck(Contract contract, SchemaNames responder, SchemaNames core) {
    this.contract = contract;
    this.responder = responder;
    this.core = core;
  }

  /**
   * Compares every name of the descriptor with the schemas.
   *
   * @return the core schema's file on the class path
   * @throws InvalidFile if a file is missing or says something else; the text says what to do
   */
  static String coreOf(Contract contract) {
    Interaction interaction = contract.interaction();
    SchemaNames responder = SchemaNames.read(interaction.responderSchema());
    if (!responder.namespace().equals(interaction.namespace())) {
      throw new InvalidFile(responder.file(), "targetNamespace must be " + interaction.namespace());
    }
    String file = responder.imports().get(contract.core());
    if (file == null) {
      throw new InvalidFile(
          interaction.descriptor(),
          "core is %s, but %s does not import it; import it there, with schemaLocation, or correct"
                  .formatted(contract.core(), responder.file())
              + " core");
    }
    SchemaNames core = SchemaNames.read(file);
    DescriptorCheck check = new DescriptorCheck(contract, responder, core);
    check.request();
    check.response();
    return file;
  }

  private void request() {
    Contract.Request request = contract.request();
    Contract.Resident resident = request.resident();
    Map<String, QName> children = children(contract.interaction().operation());
    below(children, "request.resident.element", resident.element());
    below(children, "request.resident.id", join(resident.element(), resident.id()));
    below(children, "request.resident.type", join(resident.element(), resident.type()));
    below(children, "request.address", request.address());
    below(children, "request.sourceSystem", request.sourceSystem());
    below(children, "request.careUnit", request.careUnit());
    below(children, "request.categorization", request.categorization());
    below(children, "request.refused", request.refused());
  }

  private void response() {
    Contract.Item item = contract.item();
    Contract.Result result = contract.result();
    Contract.More more = contract.more();
    Map<String, QName> children = children(contract.interaction().response().getLocalPart());
    below(children, "item.element", item.element());
    String type = Objects.requireNonNull(children.get(item.element())).getLocalPart();
    if (!item.type().equals(type)) {
      throw wrong(
          "item.type is %s, but %s says that %s has the type %s; write that"
              .formatted(item.type(), responder.file(), item.element(), type));
    }
    if (!core.types().containsKey(item.type())) {
      throw wrong(
          "item.type is %s, but %s declares no such complex type; correct the one or the other"
              .formatted(item.type(), core.file()));
    }
    below(children, "item.resident", join(item.element(), item.resident()));
    below(children, "item.careUnit", join(item.element(), item.careUnit()));
    item.momentary().forEach(path -> below(children, "item.momentary", join(item.element(), path)));
    if (result != null) {
      below(children, "result", "result");
      below(children, "result.text", join("result", result.text()));
      result
          .aggregated()
          .keySet()
          .forEach(name -> below(children, "result.aggregated", join("result", name)));
    }
    if (more != null) {
      below(children, "more.element", more.element());
      below(children, "more.address", join(more.element(), more.address()));
      below(children, "more.reference", join(more.element(), more.reference()));
    }
  }

  private Map<String, QName> children(String element) {
    Map<String, QName> children = responder.childrenOf(element);
    if (children == null || children.isEmpty()) {
      throw new InvalidFile(
          responder.file(),
          "declare the element " + element + " with a complex type of this file, and its children");
    }
    return children;
  }

  /** Fails unless a path leads somewhere from the children of request or response on. */
  private void below(Map<String, QName> children, String field, @Nullable String path) {
    if (path == null) {
      return;
    }
    int slash = path.indexOf('/');
    String first = slash < 0 ? path : path.substring(0, slash);
    QName type = children.get(first);
    if (type == null) {
      throw wrong(
          "%s names %s, which %s does not have there; it has %s"
              .formatted(field, first, responder.file(), SchemaNames.list(children)));
    }
    String lost = slash < 0 ? null : lostStep(type, path.substring(slash + 1));
    if (lost != null) {
      throw wrong(
          "%s names %s, which %s does not have below %s (type %s); correct the path"
              .formatted(
                  field,
                  lost,
                  type.getNamespaceURI().equals(responder.namespace())
                      ? responder.file()
                      : core.file(),
                  first,
                  type.getLocalPart()));
    }
  }

  /**
   * Follows a path from a type on.
   *
   * @return the first step that leads nowhere; {@code null} if all lead somewhere, or on into types
   *     that have no name, or that another file declares
   */
  private @Nullable String lostStep(QName type, String path) {
    QName at = type;
    for (String step : Arrays.asList(path.split("/", -1))) {
      if (SchemaNames.isBuiltIn(at)) {
        return step;
      }
      String namespace = at.getNamespaceURI();
      Map<String, QName> children = null;
      if (namespace.equals(core.namespace())) {
        children = core.childrenOfType(at);
      } else if (namespace.equals(responder.namespace())) {
        children = responder.childrenOfType(at);
      }
      if (children == null) {
        return null;
      }
      QName next = children.get(step);
      if (next == null) {
        return step;
      }
      at = next;
    }
    return null;
  }

  private static @Nullable String join(String element, @Nullable String path) {
    return path == null ? null : element + '/' + path;
  }

  private InvalidFile wrong(String problem) {
    return new InvalidFile(contract.interaction().descriptor(), problem);
  }
}
