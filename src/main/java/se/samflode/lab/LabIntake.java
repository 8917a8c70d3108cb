package se.samflode.lab;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.util.unit.DataSize;
import se.samflode.access.Sender;
import se.samflode.index.IndexUnavailable;
import se.samflode.lab.LabFault.Code;
import se.samflode.lab.Receipt.Outcome;
import se.samflode.lab.Receipt.StoredRecord;

/**
 * Takes messages with results, however they come: reads them, stores them, and says so. A message
 * is stored as a whole or rejected as a whole; what is rejected is kept. Thread-safe.
 */
@Service
public final class LabIntake {

  private static final Logger LOG = LoggerFactory.getLogger(LabIntake.class);

  /** Most answers of one message. */
  static final int MAX_REPORTS = 1_000;

  /** Most analyses of one message, however its answers share them. */
  private static final int MAX_ANALYSES = 20_000;

  private static final int MAX_FAULTS = 20;

  /** What the smallest counts as, kilobytes. */
  private static final int OF_EACH = 32;

  private final Map<Delivery.Format, ResultFormat> formats = new EnumMap<>(Delivery.Format.class);
  private final LabStore store;
  private final Rejections rejections;
  private final LabSettings settings;
  private final MeterRegistry metrics;

  /** In kilobytes: read and checked, a message is some ten times as large as when it came. */
  private final Semaphore memory;

  LabIntake(
      List<ResultFormat> formats,
      LabStore store,
      Rejections rejections,
      LabSettings settings,
      MeterRegistry metrics) {
    formats.forEach(format -> format.formats().forEach(each -> this.formats.put(each, format)));
    this.store = store;
    this.rejections = rejections;
    this.settings = settings;
    this.metrics = metrics;
    this.memory = new Semaphore(kilobytes(settings.memory()), true);
  }

  private static int kilobytes(DataSize size) {
    return Math.toIntExact(size.toKilobytes());
  }

  /**
   * Takes a message, when it is its turn: only as many are read at a time as there is memory for.
   *
   * @return that all of it is stored and visible on every node, or that nothing of it is and why
   * @throws IndexUnavailable if the database gives no answer in time: neither is known, and the
   *     message may be sent again
   */
  public Receipt take(Delivery delivery) {
    return inTurn(delivery, (messageId, faults) -> rejected(delivery, messageId, faults));
  }

  /** What becomes of a message that is not taken. */
  private interface Rejecting {
    Receipt rejected(@Nullable String messageId, List<LabFault> faults);
  }

  private Receipt inTurn(Delivery delivery, Rejecting rejecting) {
    int kilobytes =
        Math.min(OF_EACH + delivery.content().length / 1024, kilobytes(settings.memory()));
    memory.acquireUninterruptibly(kilobytes);
    try {
      return taken(delivery, rejecting);
    } finally {
      memory.release(kilobytes);
    }
  }

  private Receipt taken(Delivery delivery, Rejecting rejecting) {
    String messageId = null;
    try {
      bound(delivery);
      Delivery.Read read = reader(delivery).read(delivery);
      messageId = read.id();
      bound(read.reports().stream().mapToInt(LabIntake::analyses).sum(), "");
      return stored(delivery, read);
    } catch (LabRejected e) {
      return rejecting.rejected(messageId == null ? e.messageId() : messageId, e.faults());
    } catch (IndexUnavailable e) {
      if (e.isOfTheContent()) {
        // Nor may it take the id.
        return rejecting.rejected(
            null,
            List.of(new LabFault(Code.INVALID, "", "the database does not take this content")));
      }
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // Whatever is wrong with one message, or with us, must not keep the sender's others waiting.
      LOG.atError()
          .addKeyValue("event", "lab.broken")
          .addKeyValue("sender", delivery.sender().id())
          .addKeyValue("error", e.getClass().getName())
          .addKeyValue(
              "at", String.valueOf(e.getStackTrace().length == 0 ? null : e.getStackTrace()[0]))
          .log("a lab's message ended in an error of ours; it is rejected");
      return rejecting.rejected(
          messageId,
          List.of(
              new LabFault(
                  Code.INTERNAL,
                  "",
                  "an error of ours; nothing is stored, and the message is kept for us to mend"
                      + " it")));
    }
  }

  /**
   * Says that a message cannot be taken, for a reason that was seen before it could be read.
   *
   * @param delivery its content is kept unless it is too large
   */
  public Receipt reject(Delivery delivery, LabFault fault) {
    return rejected(delivery, null, List.of(fault));
  }

  /**
   * Takes a message that was rejected once more, after what was in its way has been mended.
   *
   * @param id its number in the table of rejected messages
   * @param doneBy who wants it, for the log
   * @return empty if the sender has no such message, or it was not kept. One that is rejected again
   *     stays where it is, under its number
   * @throws IndexUnavailable as {@link #take}
   */
  public Optional<Receipt> takeAgain(Sender sender, long id, String doneBy) {
    Optional<Delivery> message = rejections.message(sender, id);
    if (message.isEmpty()) {
      return Optional.empty();
    }
    String subject = "rejection " + id;
    Receipt receipt;
    try {
      receipt =
          inTurn(
              message.get(),
              (messageId, faults) -> new Receipt.Rejected(messageId, id, first(faults)));
      if (receipt instanceof Receipt.Stored) {
        rejections.done(sender, id);
      }
    } catch (IndexUnavailable e) {
      try {
        rejections.log(doneBy, "resend", subject, "failed");
      } catch (IndexUnavailable stillAway) {
        e.addSuppressed(stillAway);
      }
      throw e;
    }
    rejections.log(
        doneBy, "resend", subject, receipt instanceof Receipt.Stored ? "done" : "refused");
    return Optional.of(receipt);
  }

  private static List<LabFault> first(List<LabFault> faults) {
    return faults.subList(0, Math.min(faults.size(), MAX_FAULTS));
  }

  /** How many analyses an answer has. */
  static int analyses(LabReport report) {
    return report.groups().stream().mapToInt(group -> group.analyses().size()).sum();
  }

  /** That a message has no more analyses than can be stored at once. */
  static void bound(int analyses, String path) throws LabRejected {
    if (analyses > MAX_ANALYSES) {
      throw new LabRejected(
          Code.TOO_LARGE,
          path,
          "a message has at most "
              + MAX_ANALYSES
              + " analyses, those that several answers share counted for each; send the answers in"
              + " several messages");
    }
  }

  private void bound(Delivery delivery) throws LabRejected {
    if (delivery.content().length > settings.largestMessage().toBytes()) {
      throw new LabRejected(
          Code.TOO_LARGE,
          "",
          "the message is larger than " + settings.largestMessage().toMegabytes() + " MB");
    }
  }

  private ResultFormat reader(Delivery delivery) throws LabRejected {
    ResultFormat format = formats.get(delivery.format());
    if (format == null) {
      throw new LabRejected(Code.UNSUPPORTED, "", "messages of this format are not taken");
    }
    return format;
  }

  private Receipt stored(Delivery delivery, Delivery.Read read) throws LabRejected {
    List<StoredRecord> records = store.store(delivery, read.id(), read.reports());
    count(delivery, "stored");
    long conflicts = records.stream().filter(StoredRecord::conflict).count();
    if (conflicts > 0) {
      LOG.atWarn()
          .addKeyValue("event", "lab.conflict")
          .addKeyValue("sender", delivery.sender().id())
          .addKeyValue("records", conflicts)
          .log("nothing but the order of arrival tells versions of a lab's results apart");
      Counter.builder("samflode.lab.conflicts")
          .description("Results of which nothing but the order of arrival tells versions apart")
          .tag("sender", delivery.sender().id())
          .register(metrics)
          .increment((double) conflicts);
    }
    for (Outcome outcome : Outcome.values()) {
      long with = records.stream().filter(record -> record.outcome() == outcome).count();
      if (with > 0) {
        Counter.builder("samflode.lab.results")
            .description("Results in messages that were stored")
            .tag("sender", delivery.sender().id())
            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
            .register(metrics)
            .increment((double) with);
      }
    }
    return new Receipt.Stored(read.id(), records, read.parts());
  }

  private Receipt rejected(Delivery delivery, @Nullable String messageId, List<LabFault> all) {
    List<LabFault> faults = first(all);
    boolean tooLarge = delivery.content().length > settings.largestMessage().toBytes();
    Long id = rejections.keep(delivery, messageId, faults, !tooLarge);
    count(delivery, "rejected");
    LOG.atWarn()
        .addKeyValue("event", "lab.rejected")
        .addKeyValue("sender", delivery.sender().id())
        .addKeyValue("way", delivery.way())
        .addKeyValue("rejection", id)
        .addKeyValue("code", faults.getFirst().code().code())
        .addKeyValue("faults", all.size())
        .log("a lab's message is not taken");
    return new Receipt.Rejected(messageId, id, faults);
  }

  private void count(Delivery delivery, String outcome) {
    ExpectedLabs.messages(metrics, delivery.sender(), delivery.way(), outcome).increment();
  }
}
