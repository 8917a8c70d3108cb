package se.samflode.readmodel;

import com.fasterxml.aalto.UncheckedStreamException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;

/**
 * Reads the {@code timeslotDetail} items of GetSubjectOfCareSchedule 1. Optional texts that are
 * blank count as absent. Source: crm:scheduling 1.1.
 */
public final class BookingReader implements ItemReader<Booking> {

  @Override
  public ItemResult<Booking> read(
      XMLStreamReader in, Predicate<String> isHis, LogicalAddress source)
      throws XMLStreamException {
    if (!in.isStartElement()) {
      throw new IllegalStateException("the stream must be at the item's start tag");
    }
    Item item = new Item(isHis);
    try {
      readInto(item, in);
    } catch (UncheckedStreamException lateFinding) {
      // Aalto reads a text when it is first asked for, where it can throw nothing checked.
      throw new XMLStreamException("a text is not well-formed", in.getLocation());
    }
    return item.result(source);
  }

  private static void readInto(Item item, XMLStreamReader in) throws XMLStreamException {
    int depth = 1;
    while (depth > 0) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> item.open(in, ++depth);
        case XMLStreamConstants.END_ELEMENT -> item.close(--depth);
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            item.append(in);
        case XMLStreamConstants.ENTITY_REFERENCE -> item.refuse("entities are not allowed");
        default -> {}
      }
    }
  }

  /** The item while it is being read. A first broken rule stands; the rest is only passed by. */
  private static final class Item {

    private final Predicate<String> isHis;
    private final Map<TimeslotElement, String> values = new EnumMap<>(TimeslotElement.class);
    private final StringBuilder text = new StringBuilder();
    private @Nullable TimeslotElement open;
    private @Nullable String broken;
    private boolean otherResident;

    Item(Predicate<String> isHis) {
      this.isHis = isHis;
    }

    void open(XMLStreamReader in, int depth) {
      if (depth > ItemLimits.MAX_DEPTH) {
        refuse("nesting must not be deeper than " + ItemLimits.MAX_DEPTH);
      } else if (depth == 2) {
        open = TimeslotElement.named(in.getName());
        text.setLength(0);
      } else if (open != null) {
        refuse(open.localName() + " must hold text only");
      }
    }

    void append(XMLStreamReader in) {
      if (open == null) {
        return;
      }
      if (text.length() + in.getTextLength() > ItemLimits.MAX_TEXT) {
        refuse(
            open.localName() + " must not be longer than " + ItemLimits.MAX_TEXT + " characters");
      } else {
        text.append(in.getTextCharacters(), in.getTextStart(), in.getTextLength());
      }
    }

    void close(int depth) {
      if (depth != 1 || open == null) {
        return;
      }
      String value = text.toString().strip();
      if (open == TimeslotElement.RESIDENT && !value.isEmpty() && !isHis.test(value)) {
        otherResident = true;
      }
      if (values.put(open, value) != null) {
        refuse(open.localName() + " must not stand twice");
      }
      open = null;
    }

    void refuse(String rule) {
      if (broken == null) {
        broken = rule;
      }
    }

    /** Being about someone else weighs more than any other fault. */
    ItemResult<Booking> result(LogicalAddress source) {
      if (otherResident) {
        return new ItemResult.OtherResident<>();
      }
      return broken == null ? Timeslot.toItem(values, source) : new ItemResult.Bad<>(broken);
    }
  }
}
