package se.samflode.readmodel;

import java.util.function.Predicate;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;

/**
 * Reads items through a small tree of each. What differs between contracts is where things stand
 * and what they become. It is lenient: an optional thing that is missing or cannot be read is
 * absent, and an item is bad only where to show it would mislead.
 */
final class TreeReader<T extends ReadModelItem> implements ItemReader<T> {

  /** Makes an item of the read model. */
  interface Mapping<T extends ReadModelItem> {

    ItemResult.Read<T> of(XmlNode item, LogicalAddress source) throws BrokenRule;
  }

  private final ItemLayout layout;
  private final Mapping<T> mapping;

  TreeReader(ItemLayout layout, Mapping<T> mapping) {
    this.layout = layout;
    this.mapping = mapping;
  }

  /** An item with its place among others. */
  static <T extends ReadModelItem> ItemResult.Read<T> found(T item, @Nullable DayOrTime time) {
    return new ItemResult.Read<>(item, time == null ? null : time.sortTime());
  }

  @Override
  public ItemResult<T> read(XMLStreamReader in, Predicate<String> isHis, LogicalAddress source)
      throws XMLStreamException {
    ItemTree tree = ItemTree.read(in, layout, isHis);
    if (tree.check().aboutSomebodyElse()) {
      return new ItemResult.OtherResident<>();
    }
    if (tree.check().hidden()) {
      return new ItemResult.Hidden<>(id(tree, source));
    }
    try {
      tree.check().requireShowable();
      return mapping.of(tree.item(), source);
    } catch (BrokenRule broken) {
      return new ItemResult.Bad<>(broken.rule(), id(tree, source));
    }
  }

  private String id(ItemTree tree, LogicalAddress source) {
    try {
      return mapping.of(tree.item(), source).item().id();
    } catch (BrokenRule broken) {
      return "";
    }
  }
}
