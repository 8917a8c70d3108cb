package se.samflode.readmodel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * An interval of numbers, open to a side that is absent. At least one side is there.
 *
 * @param low exactly as the source writes it
 * @param lowClosed whether the low number belongs to it; {@code null}: the source does not say
 * @param high exactly as the source writes it
 * @param highClosed whether the high number belongs to it; {@code null}: the source does not say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"low", "lowClosed", "high", "highClosed", "unit"})
public record LabInterval(
    @Nullable String low,
    @Nullable Boolean lowClosed,
    @Nullable String high,
    @Nullable Boolean highClosed,
    @Nullable String unit) {

  /** Of the type PQInterval; {@code null} if it has no side. */
  static @Nullable LabInterval of(XmlNode node) throws BrokenRule {
    String low = node.plain("low");
    String high = node.plain("high");
    return low == null && high == null
        ? null
        : new LabInterval(
            low, node.flag("lowClosed"), high, node.flag("highClosed"), node.shown("unit"));
  }

  @Override
  public String toString() {
    return "LabInterval[redacted]";
  }
}
