package se.samflode.federation;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import se.samflode.contract.AnswerReader;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;
import se.samflode.index.IndexHit;
import se.samflode.producer.Producer;
import se.samflode.producer.ProducerCalls;
import se.samflode.producer.ProducerRequest;
import se.samflode.readmodel.Booking;
import se.samflode.readmodel.BookingReader;
import se.samflode.readmodel.ItemResult;

/** Fetches a fragment from a producer through its route. Thread-safe. */
@Component
final class RemoteSource {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteSource.class);

  private final ProducerCalls calls;
  private final Clock clock;
  private final BookingReader reader = new BookingReader();

  RemoteSource(ProducerCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  /**
   * Asks one address.
   *
   * @throws SourceFailed with the call's own failure, or WRONG_RESIDENT if the answer holds an item
   *     about somebody else
   */
  Fragment fetch(Question question, IndexHit hit, Producer producer) throws SourceFailed {
    Instant begun = clock.instant();
    List<Item> items = new ArrayList<>();
    Map<String, Integer> broken = new HashMap<>();
    // A source may write a booking twice; a page that ends between the two must not lose one.
    Map<String, Integer> ids = new HashMap<>();
    calls.call(
        producer,
        new ProducerRequest(
            question.contract(),
            hit.address(),
            hit.person(),
            question.actor(),
            headers(question),
            question.correlationId()),
        (body, charset) ->
            AnswerReader.read(
                body,
                charset,
                question.contract(),
                (item, xml) -> {
                  switch (reader.read(item, hit.person(), hit.address())) {
                    case ItemResult.Read<Booking> read -> {
                      byte[] original = xml.bytes();
                      body.keep(original.length);
                      Booking booking = read.item();
                      int before = ids.merge(booking.id(), 1, Integer::sum) - 1;
                      items.add(
                          new Item(
                              before == 0 ? booking : booking.withId(booking.id() + "-" + before),
                              read.sortTime(),
                              original));
                    }
                    case ItemResult.Hidden<Booking> hidden -> {}
                    case ItemResult.Bad<Booking> bad -> broken.merge(bad.rule(), 1, Integer::sum);
                    case ItemResult.OtherResident<Booking> other ->
                        throw new SourceFailed(Reason.WRONG_RESIDENT);
                  }
                }));
    int leftOut = broken.values().stream().mapToInt(Integer::intValue).sum();
    if (leftOut > 0) {
      LOG.atWarn()
          .addKeyValue("event", "fragment.items-left-out")
          .addKeyValue("correlationId", question.correlationId())
          .addKeyValue("producer", producer.id())
          .addKeyValue("leftOut", leftOut)
          .addKeyValue("rules", broken)
          .log("items of a producer break the contract and are left out");
    }
    return new Fragment(items, leftOut, begun);
  }

  private static Map<String, String> headers(Question question) {
    Map<String, String> headers = new HashMap<>(question.headers());
    headers.putAll(question.shaping());
    return headers;
  }
}
