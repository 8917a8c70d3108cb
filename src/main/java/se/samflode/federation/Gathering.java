package se.samflode.federation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.contract.AnswerReader;
import se.samflode.contract.AnswerReader.NextPage;
import se.samflode.contract.AnswerReader.OriginalItem;
import se.samflode.contract.Contracts;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;
import se.samflode.contract.Validation;
import se.samflode.federation.Item.Text;
import se.samflode.identity.PersonId;
import se.samflode.index.EngagementIndex;
import se.samflode.producer.AnswerBody;
import se.samflode.producer.ProducerCalls;
import se.samflode.producer.ProducerRequest;
import se.samflode.readmodel.ItemReader;
import se.samflode.readmodel.ItemResult;
import se.samflode.readmodel.ReadModelItem;
import se.samflode.readmodel.Readers;
import tools.jackson.databind.json.JsonMapper;

/** One fragment while it is fetched. For one thread. */
final class Gathering {

  private static final Logger LOG = LoggerFactory.getLogger(Gathering.class);

  /** After so many bytes of items no further page is asked for. */
  private static final int MAX_FOLLOWED = 8 * 1024 * 1024;

  private final ProducerCalls calls;
  private final Contracts contracts;
  private final EngagementIndex index;
  private final JsonMapper json;
  private final MeterRegistry metrics;

  private final RemoteSource.Call call;
  private final @Nullable ItemReader<?> reader;
  private final Validation validation;
  private final List<Item> items = new ArrayList<>();
  private final List<String> messages = new ArrayList<>();
  private final Map<String, Integer> broken = new HashMap<>();
  private final Map<String, Integer> invalid = new HashMap<>();

  /** A source may write an item twice; a page that ends between the two must not lose one. */
  private final Map<String, Integer> ids = new HashMap<>();

  private final List<NextPage> nextPages = new ArrayList<>(0);
  private final List<AnswerBody.Kept> budget = new ArrayList<>(1);
  private @Nullable Set<PersonId> linked;
  private long kept;
  private int rejected;

  Gathering(
      RemoteSource.Call call,
      ProducerCalls calls,
      Contracts contracts,
      EngagementIndex index,
      JsonMapper json,
      MeterRegistry metrics) {
    this.call = call;
    this.calls = calls;
    this.contracts = contracts;
    this.index = index;
    this.json = json;
    this.metrics = metrics;
    this.reader = Readers.of(call.contract().name()).orElse(null);
    this.validation = call.producer().validation(call.contract());
  }

  /**
   * Asks, page by page where the question follows pages.
   *
   * @param notAfter as {@link Fragment#notAfter}
   * @throws SourceFailed if there is nothing to show; a later page that cannot be had stays unread
   */
  Landing.Fetched gather(Instant begun, @Nullable Instant notAfter) throws SourceFailed {
    boolean gathered = false;
    try {
      page(null);
      if (call.followsPages()) {
        followPages();
      }
      gathered = true;
    } finally {
      if (!gathered) {
        budget.forEach(AnswerBody.Kept::close);
      }
    }
    report();
    Fragment fragment =
        new Fragment(call.hit().version(), begun, notAfter, items, rejected, messages, nextPages);
    return new Landing.Fetched(fragment, new Hold(budget));
  }

  /** Reads on where this address has more; what another address has stays unread. */
  private void followPages() throws SourceFailed {
    int pages = call.contract().limits().pages();
    for (int page = 1; page < pages && kept < MAX_FOLLOWED; page++) {
      Optional<NextPage> next = nextPages.stream().filter(this::isOwn).findFirst();
      if (next.isEmpty()) {
        return;
      }
      try {
        page(next.get().reference());
      } catch (SourceFailed e) {
        if (e.reason() == Reason.WRONG_RESIDENT) {
          throw e;
        }
        return;
      }
      nextPages.remove(next.get());
    }
  }

  private boolean isOwn(NextPage page) {
    return page.address().equalsIgnoreCase(call.hit().address().value());
  }

  private void page(@Nullable String mark) throws SourceFailed {
    Question question = call.question();
    Map<String, String> headers = new HashMap<>(question.headers());
    headers.putAll(question.shaping());
    calls.call(
        call.producer(),
        new ProducerRequest(
            call.contract(),
            call.request(),
            call.hit().address(),
            call.hit().person(),
            question.actor(),
            mark,
            headers,
            question.correlationId()),
        this::read);
  }

  private void read(AnswerBody body, @Nullable Charset charset) throws SourceFailed, IOException {
    AnswerReader.Rest rest =
        contracts
            .reader(call.contract())
            .read(
                body,
                charset,
                validation != Validation.OFF,
                (item, original) -> take(body, item, original));
    budget.add(body.handOver());
    messages.addAll(rest.messages());
    nextPages.addAll(rest.nextPages());
  }

  private void take(AnswerBody body, XMLStreamReader item, OriginalItem original)
      throws XMLStreamException, SourceFailed, IOException {
    PersonId resident = call.hit().person();
    ItemResult<?> result =
        reader == null ? null : reader.read(item, resident, call.hit().address());
    if (result instanceof ItemResult.OtherResident<?> || !isAbout(original.residents())) {
      throw new SourceFailed(Reason.WRONG_RESIDENT);
    }
    if (isUnasked(original.careUnits()) || isRejected(original.brokenRules())) {
      return;
    }
    Text xml = Text.xml(original.xml(), original.momentary());
    Item made = made(result, xml);
    Text shown = made.json();
    int bytes = xml.bytes().length + (shown == null ? 0 : shown.bytes().length);
    body.keep(bytes);
    kept += bytes;
    items.add(made);
  }

  private Item made(@Nullable ItemResult<?> result, Text xml) throws SourceFailed {
    return switch (result) {
      case ItemResult.Read<?> read -> {
        ReadModelItem item = withOwnId(read.item());
        yield Item.shown(item.id(), json(item), read.sortTime(), xml);
      }
      case ItemResult.Bad<?> bad -> {
        broken.merge(bad.rule(), 1, Integer::sum);
        yield Item.unreadable(xml);
      }
      case ItemResult.Hidden<?> hidden -> Item.hidden(xml);
      case ItemResult.OtherResident<?> other -> throw new SourceFailed(Reason.WRONG_RESIDENT);
      case null -> Item.hidden(xml);
    };
  }

  private Text json(ReadModelItem item) {
    byte[] bytes = json.writeValueAsBytes(item);
    return Text.json(bytes, item.momentary());
  }

  /** An empty identity says nothing; one that is linked to the resident's is his. */
  private boolean isAbout(List<String> written) {
    PersonId resident = call.hit().person();
    return written.stream()
        .allMatch(text -> text.isEmpty() || resident.isWrittenAs(text) || isLinked(text));
  }

  /** Looked up at the first other identity, since there is hardly ever one. */
  private boolean isLinked(String text) {
    if (linked == null) {
      linked = index.identities(call.hit().person());
    }
    return linked.stream().anyMatch(identity -> identity.isWrittenAs(text));
  }

  /** Whether an item is of a unit that was not asked for: producers filter, but not all do. */
  private boolean isUnasked(List<String> careUnits) {
    Set<String> asked = call.question().wanted().only().careUnits();
    return !asked.isEmpty()
        && !careUnits.isEmpty()
        && careUnits.stream().noneMatch(unit -> asked.stream().anyMatch(unit::equalsIgnoreCase));
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
        .tag("producer", call.producer().id())
        .tag("contract", call.contract().name())
        .tag("rejected", String.valueOf(reject))
        .register(metrics)
        .increment();
    return reject;
  }

  private ReadModelItem withOwnId(ReadModelItem item) {
    int before = ids.merge(item.id(), 1, Integer::sum) - 1;
    return before == 0 ? item : item.withId(item.id() + "-" + before);
  }

  private void report() {
    if (!invalid.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("event", "fragment.items-invalid")
          .addKeyValue("correlationId", call.question().correlationId())
          .addKeyValue("producer", call.producer().id())
          .addKeyValue("contract", call.contract().name())
          .addKeyValue("rejected", rejected)
          .addKeyValue("rules", invalid)
          .log("items of a producer break the contract's schema");
    }
    if (broken.isEmpty()) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("event", "fragment.items-left-out")
        .addKeyValue("correlationId", call.question().correlationId())
        .addKeyValue("producer", call.producer().id())
        .addKeyValue("leftOut", broken.values().stream().mapToInt(Integer::intValue).sum())
        .addKeyValue("rules", broken)
        .log("items of a producer break the contract and are left out of the read model");
  }
}
