package se.samflode.mockregions;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.common.FatalStartupException;
import com.github.tomakehurst.wiremock.core.Options.ChunkedEncodingPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import se.samflode.mockregions.RegionsFile.Region;
import wiremock.org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * One region's port with all its systems. Each call has a virtual thread of its own, so that calls
 * that hang hold nothing that others need. Thread-safe.
 */
final class RegionServer implements AutoCloseable {

  private static final int PLATFORM_THREADS = 8;

  private final Region region;
  private final Map<String, MockSystem> systems = new HashMap<>();
  private final Moods moods;
  private final Predicate<String> malformedFor;
  private final Map<String, LongAdder> calls = new ConcurrentSkipListMap<>();
  private final int port;
  private @Nullable Running running;
  private @Nullable Socket held;

  private record Running(
      WireMockServer server, ExecutorService callThreads, CountDownLatch stopped) {}

  /**
   * Opens the port, unless the region is down from the start.
   *
   * @param port 0 for any free one
   */
  RegionServer(Region region, World world, Bookings bookings, long seed, int port) {
    this.region = region;
    this.moods = new Moods(region, seed);
    this.malformedFor =
        resident -> region.behaviour().malformedForOne() && world.malformedFor().contains(resident);
    region
        .systems()
        .forEach(system -> systems.put(path(system.id()), new BookingSystemSoap(system, bookings)));
    RecordContracts contracts = RecordContracts.read();
    Templates templates = new Templates();
    region
        .recordSystems()
        .forEach(system ->
            systems.put(
                path(system.id()),
                new RecordSystemSoap(system, contracts, templates, world.records().stream())));
    this.port = hold(port);
    if (!moods.down()) {
      open();
    }
  }

  int port() {
    return port;
  }

  String id() {
    return region.id();
  }

  /** Calls by contract since start or since {@link #clearCalls}. */
  Map<String, Long> calls() {
    Map<String, Long> counts = new LinkedHashMap<>();
    calls.forEach((contract, count) -> counts.put(contract, count.sum()));
    return counts;
  }

  void clearCalls() {
    calls.clear();
  }

  /**
   * @param behaviour of every call from now on; {@code null} restores the behaviour at start
   */
  synchronized void behave(@Nullable Behaviour behaviour) {
    moods.tell(behaviour);
    if (moods.down()) {
      shut();
    } else {
      open();
    }
  }

  /**
   * @param behaviour of every call of one system from now on; {@code null} for that of the region
   * @throws IllegalArgumentException if it cannot be told so; the message says why
   */
  void behave(String system, @Nullable Behaviour behaviour) {
    moods.tell(system, behaviour);
  }

  @Override
  public synchronized void close() {
    shut();
    release();
  }

  private String path(String system) {
    return "/" + region.id() + "/" + system;
  }

  private void open() {
    if (running != null) {
      return;
    }
    release();
    CountDownLatch stopped = new CountDownLatch(1);
    ExecutorService callThreads = Executors.newVirtualThreadPerTaskExecutor();
    WireMockServer server =
        new WireMockServer(
            options()
                .bindAddress(InetAddress.getLoopbackAddress().getHostAddress())
                .port(port)
                .http2PlainDisabled(true)
                .jettyAcceptors(1)
                .jettyStopTimeout(1L)
                .threadPoolFactory(settings -> {
                  var threads = new QueuedThreadPool(PLATFORM_THREADS, 2);
                  threads.setName("mock-" + region.id());
                  threads.setDaemon(true);
                  threads.setReservedThreads(0);
                  threads.setVirtualThreadsExecutor(callThreads);
                  return threads;
                })
                .useChunkedTransferEncoding(ChunkedEncodingPolicy.BODY_FILE)
                .gzipDisabled(true)
                .disableRequestJournal()
                .maxLoggedResponseSize(0)
                .stubRequestLoggingDisabled(true)
                .extensions(new Answers(systems, moods, malformedFor, calls, stopped)));
    try {
      server.start();
    } catch (FatalStartupException e) {
      throw new IllegalStateException(
          "port " + port + " of " + region.name() + " is taken; free it and start again", e);
    }
    server.stubFor(any(anyUrl()).willReturn(ok()));
    running = new Running(server, callThreads, stopped);
  }

  private void shut() {
    if (running != null) {
      running.stopped().countDown();
      running.server().stop();
      running.callThreads().shutdownNow();
      running = null;
      hold(port);
    }
  }

  // Bound but not listening: callers are refused, and nobody else gets the port meanwhile.
  private int hold(int wanted) {
    try {
      Socket socket = new Socket();
      held = socket;
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(
          "port " + wanted + " of " + region.name() + " is taken; free it and start again", e);
    }
  }

  private void release() {
    try {
      if (held != null) {
        held.close();
        held = null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
