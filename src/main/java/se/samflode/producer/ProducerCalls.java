package se.samflode.producer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;

/**
 * The one way to call a producer: permit, rate, absolute deadline, route with its breaker. A call
 * ends at its deadline whatever the producer does, and its permit returns only then. Thread-safe.
 */
@Component
public final class ProducerCalls implements DisposableBean {

  /**
   * The timer of all calls, with the tags {@code producer}, {@code contract} and {@code outcome}:
   * {@code live}, or the code of the reason.
   */
  public static final String METRIC = "samflode.producer.calls";

  private static final Logger LOG = LoggerFactory.getLogger(ProducerCalls.class);

  private static final Duration[] BUCKETS =
      Stream.of(50, 100, 250, 500, 1000, 2000, 5000, 15_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** How long a call waits for its turn. */
  private static final Duration LONGEST_TURN = Duration.ofSeconds(1);

  private final ProducerRoutes routes;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().name("call-deadlines").daemon().unstarted(task));

  ProducerCalls(ProducerRoutes routes, MeterRegistry metrics, Clock clock) {
    this.clock = clock;
    this.routes = routes;
    this.metrics = metrics;
    // Else a call that has ended is held, envelope and all, until its deadline.
    deadlines.setRemoveOnCancelPolicy(true);
  }

  /**
   * Calls a producer and reads its answer, on the calling thread, which must be a virtual one.
   *
   * @param consumer reads the body while the connection is open
   * @throws SourceFailed with the call's own failure: LIMITED where the producer's limits are
   *     reached or it has asked for time, MAINTENANCE within its windows, CIRCUIT_OPEN while it is
   *     left alone, all without a call being made; TIMEOUT at the deadline, else what became of the
   *     call
   */
  public void call(Producer producer, ProducerRequest request, AnswerConsumer consumer)
      throws SourceFailed {
    long begun = System.nanoTime();
    String outcome = Reason.INTERNAL.code();
    try {
      within(producer, request, consumer);
      outcome = "live";
    } catch (SourceFailed e) {
      outcome = e.reason().code();
      throw e;
    } finally {
      Timer.builder(METRIC)
          .description("Calls to the producer, until their answer was read or given up")
          .tag("producer", producer.id())
          .tag("contract", request.contract().name())
          .tag("outcome", outcome)
          .serviceLevelObjectives(BUCKETS)
          .register(metrics)
          .record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Whether work that can wait had better do so: half of what the producer takes is in use, it has
   * asked for time, is in maintenance or left alone, or has no route. Never waits.
   */
  public boolean isNearLimits(Producer producer) {
    LiveProducer live = routes.live(producer.id());
    return live == null || live.route() == null || live.isNearLimits(clock.instant());
  }

  /** Where a producer stands; empty if it has no route. */
  public Optional<ProducerState> state(Producer producer) {
    LiveProducer live = routes.live(producer.id());
    LiveProducer.Route route = live == null ? null : live.route();
    return live == null || route == null
        ? Optional.empty()
        : Optional.of(live.state(route, clock.instant()));
  }

  private void within(Producer producer, ProducerRequest request, AnswerConsumer consumer)
      throws SourceFailed {
    LiveProducer live = routes.live(producer.id());
    if (live == null || live.route() == null) {
      throw new SourceFailed(Reason.NO_ROUTE);
    }
    refuse(live);
    takePermit(live.permits());
    try {
      // The turn may have come after a while.
      refuse(live);
      if (!live.rate().acquirePermission()) {
        throw new SourceFailed(Reason.LIMITED);
      }
      send(producer, live, new ProducerCall(request, consumer, live));
    } finally {
      live.permits().release();
    }
  }

  private void refuse(LiveProducer live) throws SourceFailed {
    Reason refusal = live.refusal(clock.instant());
    if (refusal != null) {
      throw new SourceFailed(refusal);
    }
  }

  /**
   * One question may ask many units of one producer, more than it takes at a time: they take turns.
   */
  private static void takePermit(ResizableSemaphore permits) throws SourceFailed {
    try {
      if (!permits.tryAcquireInTurn(LONGEST_TURN)) {
        throw new SourceFailed(Reason.LIMITED);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceFailed(Reason.LIMITED);
    }
  }

  private void send(Producer producer, LiveProducer live, ProducerCall call) throws SourceFailed {
    CallHandle handle = new CallHandle(Thread.currentThread());
    ScheduledFuture<?> deadline =
        deadlines.schedule(
            // A virtual thread each: closing a connection can block, and deadlines must not wait.
            () -> Thread.startVirtualThread(handle::expire),
            producer.callTimeout(call.request().contract()).toMillis(),
            TimeUnit.MILLISECONDS);
    Exception failure;
    try {
      failure = ScopedValue.where(CallHandle.CURRENT, handle).call(() -> exchange(live, call));
    } finally {
      deadline.cancel(false);
      handle.end();
    }
    if (failure != null) {
      throw handle.expired()
          ? new SourceFailed(Reason.TIMEOUT)
          : sourceFailed(producer, call, failure);
    }
  }

  private static @Nullable Exception exchange(LiveProducer live, ProducerCall call) {
    @Nullable Exception failure = null;
    // A route that was just replaced has sent nothing; its successor stands by then.
    for (int attempt = 0; attempt < 2; attempt++) {
      LiveProducer.Route route = live.route();
      if (route == null) {
        return new SourceFailed(Reason.NO_ROUTE);
      }
      Exchange exchange = route.entrance().getEndpoint().createExchange(ExchangePattern.InOut);
      call.on(exchange);
      try {
        route.entrance().process(exchange);
        failure = exchange.getException();
      } catch (Exception e) { // what Camel's interface declares
        failure = e;
      }
      if (!(failure instanceof DirectConsumerNotAvailableException)) {
        return failure;
      }
    }
    return failure;
  }

  private static SourceFailed sourceFailed(
      Producer producer, ProducerCall call, Exception failure) {
    SourceFailed failed = CallFailure.sourceFailed(failure);
    if (failed != null) {
      return failed;
    }
    LOG.atError()
        .addKeyValue("event", "producer.call-broken")
        .addKeyValue("correlationId", call.request().correlationId())
        .addKeyValue("producer", producer.id())
        .addKeyValue("contract", call.request().contract().name())
        .addKeyValue("error", failure.getClass().getName())
        .log("call ended in an error of ours");
    return new SourceFailed(Reason.INTERNAL);
  }

  @Override
  public void destroy() {
    deadlines.shutdownNow();
  }
}
