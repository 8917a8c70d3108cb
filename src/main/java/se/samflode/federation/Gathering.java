package se.samflode.federation;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.AnswerReader;
import se.samflode.contract.AnswerReader.NextPage;
import se.samflode.contract.Contracts;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;
import se.samflode.index.EngagementIndex;
import se.samflode.producer.AnswerBody;
import se.samflode.producer.ProducerCalls;
import se.samflode.producer.ProducerRequest;
import tools.jackson.databind.json.JsonMapper;

/** One fragment while it is fetched. For one thread. */
final class Gathering {

  /** After so many bytes of items no further page is asked for. */
  private static final int MAX_FOLLOWED = 8 * 1024 * 1024;

  private final ProducerCalls calls;
  private final Contracts contracts;

  private final RemoteSource.Call call;
  private final ItemsOfFragment items;
  private final List<String> messages = new ArrayList<>();
  private final List<NextPage> nextPages = new ArrayList<>(0);
  private final List<AnswerBody.Kept> budget = new ArrayList<>(1);
  private long kept;

  Gathering(
      RemoteSource.Call call,
      ProducerCalls calls,
      Contracts contracts,
      EngagementIndex index,
      Planner planner,
      JsonMapper json,
      MeterRegistry metrics) {
    this.call = call;
    this.calls = calls;
    this.contracts = contracts;
    this.items =
        new ItemsOfFragment(
            call.question(),
            call.contract(),
            call.hit(),
            call.producer().id(),
            call.producer().validation(call.contract()),
            index,
            planner,
            json,
            metrics);
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
    items.report();
    Fragment fragment =
        new Fragment(
            call.hit().version(),
            begun,
            notAfter,
            items.items(),
            items.rejected(),
            messages,
            nextPages);
    return new Landing.Fetched(fragment, new Hold(budget));
  }

  /**
   * Reads on where this address has more; what another address has stays unread. So does what a
   * producer has that answers a mark with the same mark: it gives the same page for ever.
   */
  private void followPages() throws SourceFailed {
    int pages = call.contract().limits().pages();
    Set<String> followed = new HashSet<>();
    for (int page = 1; page < pages && kept < MAX_FOLLOWED; page++) {
      Optional<NextPage> next = nextPages.stream().filter(this::isOwn).findFirst();
      if (next.isEmpty() || !followed.add(next.get().reference())) {
        return;
      }
      int before = items.items().size();
      try {
        page(next.get().reference());
      } catch (SourceFailed e) {
        if (e.reason() == Reason.WRONG_RESIDENT) {
          throw e;
        }
        items.keepFirst(before);
        return;
      }
      nextPages.remove(next.get());
      if (nextPages.stream().anyMatch(more -> isOwn(more) && followed.contains(more.reference()))) {
        items.keepFirst(before);
        return;
      }
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
                items.validated(),
                (item, original) -> {
                  int bytes = items.take(item, original);
                  body.keep(bytes);
                  kept += bytes;
                });
    budget.add(body.handOver());
    messages.addAll(rest.messages());
    nextPages.addAll(rest.nextPages());
  }
}
