package se.samflode.federation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.contract.AnswerReader.OriginalItem;
import se.samflode.contract.Contract;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;
import se.samflode.contract.Validation;
import se.samflode.federation.Item.Text;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;
import se.samflode.index.EngagementIndex;
import se.samflode.index.IndexHit;
import se.samflode.index.IndexUnavailable;
import se.samflode.readmodel.ItemReader;
import se.samflode.readmodel.ItemResult;
import se.samflode.readmodel.ReadModelItem;
import se.samflode.readmodel.Readers;
import tools.jackson.databind.json.JsonMapper;

/** The items of one fragment while they are read. For one thread. */
final class ItemsOfFragment {

  private static final Logger LOG = LoggerFactory.getLogger(ItemsOfFragment.class);

  private final Question question;
  private final Contract contract;
  private final IndexHit hit;
  private final String source;
  private final Validation validation;
  private final EngagementIndex index;
  private final Planner planner;
  private final JsonMapper json;
  private final MeterRegistry metrics;

  private final @Nullable ItemReader<?> reader;
  private final boolean ofAllUnits;
  private final Set<LogicalAddress> units;
  private final List<Item> items = new ArrayList<>();
  private final Map<String, Integer> broken = new HashMap<>();
  private final Map<String, Integer> invalid = new HashMap<>();

  /** A source may write an item twice; a page that ends between the two must not lose one. */
  private final Map<String, Integer> ids = new HashMap<>();

  private @Nullable Set<PersonId> linked;
  private int rejected;

  /**
   * @param source the id of who answers, for the log and metrics
   * @param validation what becomes of items that break the contract's schema
   */
  ItemsOfFragment(
      Question question,
      Contract contract,
      IndexHit hit,
      String source,
      Validation validation,
      EngagementIndex index,
      Planner planner,
      JsonMapper json,
      MeterRegistry metrics) {
    this.question = question;
    this.contract = contract;
    this.hit = hit;
    this.source = source;
    this.validation = validation;
    this.index = index;
    this.planner = planner;
    this.json = json;
    this.metrics = metrics;
    this.reader = Readers.of(contract.name()).orElse(null);
    this.ofAllUnits = question.wanted().only().careUnits().isEmpty();
    this.units = Planner.addresses(question.wanted().only().careUnits());
  }

  /** Whether items are judged by the schema. */
  boolean validated() {
    return validation != Validation.OFF;
  }

  /** In the order in which they were taken. */
  List<Item> items() {
    return items;
  }

  /** Forgets all but the first so many: a page that could not be read, or was read before. */
  void keepFirst(int count) {
    items.subList(count, items.size()).clear();
  }

  /** Items that are left out, since they break the schema. */
  int rejected() {
    return rejected;
  }

  /**
   * Takes one item.
   *
   * @return what it takes in memory, bytes
   * @throws SourceFailed WRONG_RESIDENT if it is about somebody else; INTERNAL if the index does
   *     not say whether it is
   */
  int take(XMLStreamReader item, OriginalItem original) throws XMLStreamException, SourceFailed {
    try {
      return taken(item, original);
    } catch (IndexUnavailable e) {
      e.log(LOG, question.correlationId());
      throw new SourceFailed(Reason.INTERNAL);
    }
  }

  private int taken(XMLStreamReader item, OriginalItem original)
      throws XMLStreamException, SourceFailed {
    ItemResult<?> result = reader == null ? null : reader.read(item, this::isHis, hit.address());
    if (result instanceof ItemResult.OtherResident<?> || !isAbout(original.residents())) {
      throw new SourceFailed(Reason.WRONG_RESIDENT);
    }
    if (isUnasked(original.careUnits()) || isRejected(original.brokenRules())) {
      return 0;
    }
    if (!original.isWhole()) {
      broken.merge("nesting must not be deeper than 100", 1, Integer::sum);
      rejected++;
      return 0;
    }
    Text xml = Text.xml(original.xml(), original.momentary());
    Item made = made(result, xml);
    items.add(made);
    Text shown = made.json();
    return xml.bytes().length + (shown == null ? 0 : shown.bytes().length);
  }

  private Item made(@Nullable ItemResult<?> result, Text xml) throws SourceFailed {
    return switch (result) {
      case ItemResult.Read<?> read -> {
        ReadModelItem item = withOwnId(read.item());
        yield Item.shown(item.id(), json(item), read.sortTime(), xml);
      }
      case ItemResult.Bad<?> bad -> {
        broken.merge(bad.rule(), 1, Integer::sum);
        yield Item.unreadable(bad.id(), xml);
      }
      case ItemResult.Hidden<?> hidden -> Item.hidden(hidden.id(), xml);
      case ItemResult.OtherResident<?> other -> throw new SourceFailed(Reason.WRONG_RESIDENT);
      // Over SOAP only.
      case null -> Item.hidden("", xml);
    };
  }

  private Text json(ReadModelItem item) {
    byte[] bytes = json.writeValueAsBytes(item);
    return Text.json(bytes, item.momentary());
  }

  /** An empty identity says nothing; one that is linked to the resident's is his. */
  private boolean isAbout(List<String> written) {
    return written.stream().allMatch(text -> text.isEmpty() || isHis(text));
  }

  private boolean isHis(String text) {
    return hit.person().isWrittenAs(text) || isLinked(text);
  }

  /** Looked up at the first other identity, since there is hardly ever one. */
  private boolean isLinked(String text) {
    if (linked == null) {
      linked = index.identities(hit.person());
    }
    return linked.stream().anyMatch(identity -> identity.isWrittenAs(text));
  }

  /**
   * Whether an item is of a unit that was not asked for: producers filter, but not all do. A unit
   * below one that was asked for is asked for too.
   */
  private boolean isUnasked(List<String> careUnits) {
    return !ofAllUnits
        && !careUnits.stream().allMatch(String::isBlank)
        && careUnits.stream().noneMatch(unit -> planner.isWithin(units, unit));
  }

  private boolean isRejected(List<String> rules) {
    if (rules.isEmpty()) {
      return false;
    }
    rules.forEach(rule -> invalid.merge(rule, 1, Integer::sum));
    boolean reject = validation == Validation.REJECT;
    if (reject) {
      rejected++;
    }
    Counter.builder("samflode.items.invalid")
        .description("Items of producers that break their contract's schema")
        .tag("producer", source)
        .tag("contract", contract.name())
        .tag("rejected", String.valueOf(reject))
        .register(metrics)
        .increment();
    return reject;
  }

  private ReadModelItem withOwnId(ReadModelItem item) {
    int before = ids.merge(item.id(), 1, Integer::sum) - 1;
    return before == 0 ? item : item.withId(item.id() + "-" + before);
  }

  /** Tells the log what is wrong with them. */
  void report() {
    if (!invalid.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("event", "fragment.items-invalid")
          .addKeyValue("correlationId", question.correlationId())
          .addKeyValue("producer", source)
          .addKeyValue("contract", contract.name())
          .addKeyValue("rejected", rejected)
          .addKeyValue("rules", invalid)
          .log("items of a producer break the contract's schema");
    }
    if (broken.isEmpty()) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("event", "fragment.items-left-out")
        .addKeyValue("correlationId", question.correlationId())
        .addKeyValue("producer", source)
        .addKeyValue("leftOut", broken.values().stream().mapToInt(Integer::intValue).sum())
        .addKeyValue("rules", broken)
        .log("items of a producer break the contract and are left out of the read model");
  }
}
