package se.samflode.federation;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;
import se.samflode.identity.LogicalAddress;

/**
 * How one asked address ended for one question. Every asked address has exactly one, so that none
 * can go missing.
 */
public sealed interface Outcome {

  /** The address asked. */
  LogicalAddress from();

  /** Who answers for it; {@code null} where nobody is registered. */
  @Nullable Answering producer();

  /** What there is to show; {@code null} for nothing. */
  @Nullable Fragment fragment();

  /** What the producer says to people; never for a log. */
  List<String> messages();

  /** One with something to show. */
  sealed interface Shown extends Outcome {

    @Override
    Answering producer();

    @Override
    Fragment fragment();

    @Override
    default List<String> messages() {
      return fragment().messages();
    }

    /** Whether it was fetched so lately that what holds for a moment only is told. */
    boolean now();
  }

  /** Fetched for this question. */
  record Live(LogicalAddress from, Answering producer, Fragment fragment) implements Shown {

    @Override
    public boolean now() {
      return true;
    }
  }

  /** Kept from before; the index knows of no change since. */
  record Cached(LogicalAddress from, Answering producer, Fragment fragment, boolean now)
      implements Shown {}

  /**
   * Kept from before and older than it should be, since the producer could not be asked; the index
   * knows of no change since.
   *
   * @param reason why the producer could not be asked
   * @param messages what the producer says now to people, not what it said then; never for a log
   */
  record Stale(
      LogicalAddress from,
      Answering producer,
      Fragment fragment,
      boolean now,
      Reason reason,
      List<String> messages)
      implements Shown {

    /** Copies the list. */
    public Stale {
      messages = List.copyOf(messages);
    }
  }

  /**
   * Nothing to show, and why.
   *
   * @param messages what the producer says to people; never for a log
   * @param lastSuccess when it answered last about this resident; {@code null} if nobody knows
   */
  record Failed(
      LogicalAddress from,
      @Nullable Answering producer,
      Reason reason,
      List<String> messages,
      @Nullable Instant lastSuccess)
      implements Outcome {

    /** Copies the list. */
    public Failed {
      messages = List.copyOf(messages);
    }

    @Override
    public @Nullable Fragment fragment() {
      return null;
    }
  }

  /** As metrics tell it: {@code live}, {@code cached}, {@code stale} or the code of a reason. */
  default String told() {
    return switch (this) {
      case Live live -> "live";
      case Cached cached -> "cached";
      case Stale stale -> "stale";
      case Failed failed -> failed.reason().code();
    };
  }
}
