package se.samflode.readmodel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One element of an item, as it was read. What is asked for by a name alone is looked for in the
 * element's own namespace. Immutable; does not print what it holds.
 *
 * @param text what it holds directly, without blank ends
 * @param holdsElements whether it has children, also such as are not kept
 * @param children those in the namespaces of the contract
 */
record XmlNode(
    String namespace, String name, String text, boolean holdsElements, List<XmlNode> children) {

  /** Stands for what is not there: without text, without children. */
  private static final XmlNode ABSENT = new XmlNode("", "", "", false, List.of());

  XmlNode {
    children = List.copyOf(children);
  }

  /** The children of that name. */
  List<XmlNode> children(String wanted) {
    return children.stream().filter(child -> child.is(namespace, wanted)).toList();
  }

  /** The one child of that name; without any content if there is none. */
  XmlNode child(String wanted) throws BrokenRule {
    return child(namespace, wanted);
  }

  /**
   * The one child of that name; without any content if there is none.
   *
   * @throws BrokenRule if there are several that say different things
   */
  XmlNode child(String namespace, String wanted) throws BrokenRule {
    XmlNode found = null;
    for (XmlNode child : children) {
      if (child.is(namespace, wanted)) {
        if (found != null && !found.equals(child)) {
          throw new BrokenRule(wanted + " must not stand twice");
        }
        found = child;
      }
    }
    return found == null ? ABSENT : found;
  }

  private boolean is(String wantedNamespace, String wanted) {
    return name.equals(wanted) && namespace.equals(wantedNamespace);
  }

  /** Its own text as written; {@code null} if it is absent or blank. */
  @Nullable String plain() throws BrokenRule {
    if (holdsElements) {
      throw new BrokenRule(name + " must hold text only");
    }
    return text.isEmpty() ? null : text;
  }

  /** The text of a child as written; {@code null} if it is absent or blank. */
  @Nullable String plain(String wanted) throws BrokenRule {
    return child(wanted).plain();
  }

  /** Its own text, cleaned for display; {@code null} if nothing is left to show. */
  @Nullable String shown() throws BrokenRule {
    String written = plain();
    String shown = written == null ? "" : DisplayText.cleanWhole(written);
    return shown.isEmpty() ? null : shown;
  }

  /** The text of a child, cleaned for display; {@code null} if nothing is left to show. */
  @Nullable String shown(String wanted) throws BrokenRule {
    return child(wanted).shown();
  }

  /** A child's truth value; {@code null} also if it cannot be read. */
  @Nullable Boolean flag(String wanted) throws BrokenRule {
    return switch (child(wanted).text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> null;
    };
  }

  /** A child's time; {@code null} also if it cannot be read. */
  @Nullable DayOrTime time(String wanted) throws BrokenRule {
    return DayOrTime.parse(child(wanted).text).orElse(null);
  }

  /**
   * The first time of those that are there; it decides an item's place among others.
   *
   * @throws BrokenRule if that one cannot be read
   */
  static @Nullable DayOrTime firstTime(XmlNode... times) throws BrokenRule {
    for (XmlNode time : times) {
      String stamp = time.plain();
      if (stamp != null) {
        return DayOrTime.parse(stamp)
            .orElseThrow(
                () -> new BrokenRule(time.name + " must be a time of 14 or a day of 8 digits"));
      }
    }
    return null;
  }

  /** A child of the contracts' type CV. */
  @Nullable Code code(String wanted) throws BrokenRule {
    return child(wanted).code();
  }

  /**
   * Itself, of the contracts' type CV: its words are those of the code or, without, the free ones.
   */
  @Nullable Code code() throws BrokenRule {
    String display = shown("displayName");
    return Code.of(
        plain("code"), plain("codeSystem"), display == null ? shown("originalText") : display);
  }

  /** A child of the contracts' type II: its extension or, where it has none, its root. */
  @Nullable String identifier(String wanted) throws BrokenRule {
    return child(wanted).identifier();
  }

  /** Itself, of the contracts' type II: its extension or, where it has none, its root. */
  @Nullable String identifier() throws BrokenRule {
    String extension = plain("extension");
    return extension == null ? plain("root") : extension;
  }

  /** Something to be made of a node. */
  interface Mapping<T> {

    /** {@code null} if the node has nothing to show. */
    @Nullable T of(XmlNode node) throws BrokenRule;
  }

  /** What the children of that name become; those that have nothing to show are left out. */
  <T> List<T> list(String wanted, Mapping<T> mapping) throws BrokenRule {
    List<T> all = new ArrayList<>();
    for (XmlNode child : children(wanted)) {
      T one = mapping.of(child);
      if (one != null) {
        all.add(one);
      }
    }
    return all;
  }

  @Override
  public String toString() {
    return "XmlNode[redacted]";
  }
}
