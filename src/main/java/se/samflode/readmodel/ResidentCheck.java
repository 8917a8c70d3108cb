package se.samflode.readmodel;

import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamReader;
import se.samflode.identity.PersonId;

/**
 * Watches an item go by and compares every identity of a resident in it with the one asked for.
 * Knows no limits, so that an item that is too large to be read is checked to its end as well.
 */
final class ResidentCheck {

  private final PersonId asked;
  private final String namespace;
  private final List<Watch> watches = new ArrayList<>();
  private boolean same;
  private boolean other;

  ResidentCheck(ItemLayout layout, PersonId asked) {
    this.asked = asked;
    this.namespace = layout.core();
    layout.residents().forEach(path -> watches.add(new Watch(path)));
  }

  /** Whether an identity of somebody else has been seen. */
  boolean seenOther() {
    return other;
  }

  /** Whether the identity asked for has been seen. */
  boolean seenSame() {
    return same;
  }

  /** An element begins; {@code depth} counts it, the item has 1. */
  void open(XMLStreamReader in, int depth) {
    for (Watch watch : watches) {
      if (watch.expects(depth) && atPathStep(in, watch)) {
        watch.matched++;
        watch.text.setLength(0);
      }
    }
  }

  private boolean atPathStep(XMLStreamReader in, Watch watch) {
    return watch.path.get(watch.matched).equals(in.getLocalName())
        && namespace.equals(in.getNamespaceURI());
  }

  /** A text in an element of that depth. */
  void append(XMLStreamReader in, int depth) {
    for (Watch watch : watches) {
      if (watch.standsIn(depth)) {
        watch.text.append(in.getTextCharacters(), in.getTextStart(), in.getTextLength());
      }
    }
  }

  /** An element of that depth ends. */
  void close(int depth) {
    for (Watch watch : watches) {
      if (watch.standsIn(depth)) {
        compare(watch.text.toString().strip());
      }
      if (watch.matched == depth - 1 && depth > 1) {
        watch.matched--;
      }
    }
  }

  private void compare(String identity) {
    if (!identity.isEmpty()) {
      boolean equal = Identities.same(identity, asked);
      same |= equal;
      other |= !equal;
    }
  }

  /** How far the elements now open follow one path. */
  private static final class Watch {

    private final List<String> path;
    private final StringBuilder text = new StringBuilder();
    private int matched;

    Watch(List<String> path) {
      this.path = path;
    }

    boolean expects(int depth) {
      return matched == depth - 2 && matched < path.size();
    }

    boolean standsIn(int depth) {
      return matched == path.size() && depth == path.size() + 1;
    }
  }
}
