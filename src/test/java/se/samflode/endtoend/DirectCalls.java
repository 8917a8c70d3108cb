package se.samflode.endtoend;

import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.springframework.context.ApplicationContext;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.contract.RequestBody;
import se.samflode.contract.SourceFailed;
import se.samflode.demo.DemoSystem;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;
import se.samflode.producer.AnswerConsumer;
import se.samflode.producer.Producer;
import se.samflode.producer.ProducerCalls;
import se.samflode.producer.ProducerRequest;
import se.samflode.producer.Producers;
import se.samflode.testing.RunningSystem;

/** Calls a producer of a running system, without index and read model. Thread-safe. */
final class DirectCalls implements AutoCloseable {

  static final AnswerConsumer READ_ALL =
      (body, charset) -> body.transferTo(OutputStream.nullOutputStream());

  private static final Contract CONTRACT = new Contracts().named("GetSubjectOfCareSchedule 1");

  private final ApplicationContext application;
  private final HttpCaller caller;
  private final String id;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Calls one of the system that all tests share.
   *
   * @param id of the producer
   */
  DirectCalls(String id) {
    this(RunningSystem.get(), new HttpCaller(), id);
  }

  /**
   * Calls one of a system of one's own.
   *
   * @param caller of that system
   * @param id of the producer
   */
  DirectCalls(DemoSystem system, HttpCaller caller, String id) {
    this.application = system.application();
    this.caller = caller;
    this.id = id;
  }

  /** How calls ended that were made one after the other: {@code live}, or the reason. */
  List<String> inTurn(int calls) {
    return IntStream.range(0, calls).mapToObj(n -> get(begin(READ_ALL))).toList();
  }

  String one() {
    return get(begin(READ_ALL));
  }

  /** Begins a call. */
  Future<String> begin(AnswerConsumer consumer) {
    return threads.submit(() -> {
      try {
        application.getBean(ProducerCalls.class).call(producer(), request(), consumer);
        return "live";
      } catch (SourceFailed e) {
        return e.reason().code();
      }
    });
  }

  static String get(Future<String> call) {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw new AssertionError("a call ended in an exception", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Producer producer() {
    return application.getBean(Producers.class).all().stream()
        .filter(producer -> producer.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** Asks about nobody. */
  private static ProducerRequest request() {
    return new ProducerRequest(
        CONTRACT,
        RequestBody.ofEverything(CONTRACT),
        new LogicalAddress("SE5565594230-DIRECT"),
        new PersonId("nobody"),
        null,
        null,
        Map.of(),
        "direct");
  }

  /** Waits until none is under way any more. */
  @Override
  public void close() {
    try {
      await().until(() -> caller.inFlight(id) == 0);
    } finally {
      threads.shutdownNow();
    }
  }
}
