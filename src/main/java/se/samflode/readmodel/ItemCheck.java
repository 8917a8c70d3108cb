package se.samflode.readmodel;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.xml.stream.XMLStreamReader;

/**
 * Watches an item go by and finds out whose it is, and whether the resident may see it. Knows no
 * limits, so that an item that is too large to be read is checked to its end as well.
 */
final class ItemCheck {

  private static final Set<String> TRUE = Set.of("true", "1");
  private static final Set<String> FALSE = Set.of("false", "0");

  private final ItemLayout layout;
  private final Predicate<String> isHis;
  private final List<Watch> watches = new ArrayList<>();
  private boolean same;
  private boolean other;
  private boolean approved;
  private boolean hidden;
  private boolean unclearApproval;
  private boolean unclearNullified;

  ItemCheck(ItemLayout layout, Predicate<String> isHis) {
    this.layout = layout;
    this.isHis = isHis;
    watches.add(new Watch(layout.resident(), this::resident));
    if (!layout.approved().isEmpty()) {
      watches.add(new Watch(layout.approved(), this::approval));
    }
    if (!layout.nullified().isEmpty()) {
      watches.add(new Watch(layout.nullified(), this::nullified));
    }
  }

  /** Whether it names somebody else than the resident asked for, alone or among others. */
  boolean aboutSomebodyElse() {
    return other;
  }

  /** Whether it says that the resident is not to see it. If it says both, it says so. */
  boolean hidden() {
    return hidden;
  }

  /**
   * What must be known of an item before it is shown.
   *
   * @throws BrokenRule if something is not said, or in no way that can be read
   */
  void requireShowable() throws BrokenRule {
    if (layout.residentMandatory() && !same) {
      throw new BrokenRule(String.join("/", layout.resident()) + " must be there");
    }
    if (unclearApproval || (!approved && !layout.approved().isEmpty())) {
      throw new BrokenRule("approvedForPatient must be true, false, 1 or 0");
    }
    if (unclearNullified) {
      throw new BrokenRule("nullified must be true, false, 1 or 0");
    }
  }

  private void resident(String identity) {
    boolean equal = isHis.test(identity);
    same |= equal;
    other |= !equal;
  }

  private void approval(String value) {
    approved |= TRUE.contains(value);
    hidden |= FALSE.contains(value);
    unclearApproval |= !TRUE.contains(value) && !FALSE.contains(value);
  }

  private void nullified(String value) {
    hidden |= TRUE.contains(value);
    unclearNullified |= !TRUE.contains(value) && !FALSE.contains(value);
  }

  /** An element begins; {@code depth} counts it, the item has 1. */
  void open(XMLStreamReader in, int depth) {
    for (Watch watch : watches) {
      if (watch.expects(in.getLocalName(), depth) && layout.core().equals(in.getNamespaceURI())) {
        watch.matched++;
        watch.text.setLength(0);
      }
    }
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
      String text = watch.standsIn(depth) ? watch.text.toString().strip() : "";
      if (!text.isEmpty()) {
        watch.found.accept(text);
      }
      if (watch.matched == depth - 1 && watch.matched > 0) {
        watch.matched--;
      }
    }
  }

  /** How far the elements now open follow one path, and who takes the texts at its end. */
  private static final class Watch {

    private final List<String> path;
    private final Consumer<String> found;
    private final StringBuilder text = new StringBuilder();
    private int matched;

    Watch(List<String> path, Consumer<String> found) {
      this.path = path;
      this.found = found;
    }

    boolean expects(String name, int depth) {
      return matched == depth - 2 && matched < path.size() && path.get(matched).equals(name);
    }

    boolean standsIn(int depth) {
      return matched == path.size() && depth == path.size() + 1;
    }
  }
}
