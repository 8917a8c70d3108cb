package se.samflode.mockregions;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.common.FatalStartupException;
import com.github.tomakehurst.wiremock.core.Options.ChunkedEncodingPolicy;
import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import se.samflode.mockregions.BookingSystemSoap.Ask;
import se.samflode.mockregions.BookingSystemSoap.Refused;
import se.samflode.mockregions.RegionsFile.Region;
import wiremock.org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * One region's port with all its booking systems. Each call has a virtual thread of its own, so
 * that calls that hang hold nothing that others need. Thread-safe.
 */
final class RegionServer implements AutoCloseable {

  /** A {@code timeout} lets go after this, in milliseconds: no caller waits so long. */
  private static final long HANG_MS = 75_000;

  private static final int PLATFORM_THREADS = 8;

  private final Region region;
  private final Map<String, BookingSystemSoap> systems;
  private final World world;
  private final Random chance;
  private final LongAdder calls = new LongAdder();
  private final int port;
  private volatile @Nullable Behaviour told;
  private @Nullable Running running;
  private @Nullable Socket held;

  private record Running(
      WireMockServer server, ExecutorService callThreads, CountDownLatch stopped) {}

  /**
   * Opens the port, unless the region is down from the start.
   *
   * @param port 0 for any free one
   */
  RegionServer(Region region, World world, long seed, int port) {
    this.region = region;
    this.world = world;
    this.chance = new Random(seed + region.port());
    this.systems =
        region.systems().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    system -> "/" + region.id() + "/" + system.id(),
                    system -> new BookingSystemSoap(system, world.allBookings())));
    this.port = hold(port);
    if (!region.behaviour().down()) {
      open();
    }
  }

  int port() {
    return port;
  }

  String id() {
    return region.id();
  }

  /** Calls of the contract since start or since {@link #clearCalls}. */
  long calls() {
    return calls.sum();
  }

  void clearCalls() {
    calls.reset();
  }

  /**
   * @param behaviour of every call from now on; {@code null} restores the behaviour at start
   */
  synchronized void behave(@Nullable Behaviour behaviour) {
    boolean down = behaviour == null ? region.behaviour().down() : behaviour.fault() == Fault.DOWN;
    told = behaviour;
    if (down) {
      shut();
    } else {
      open();
    }
  }

  @Override
  public synchronized void close() {
    shut();
    release();
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
                .extensions(new Answers(stopped)));
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

  private Behaviour next() {
    Behaviour now = told;
    if (now != null) {
      return now;
    }
    double draw = chance.nextDouble();
    Fault fault = null;
    for (var share : region.behaviour().shares().entrySet()) {
      draw -= share.getValue();
      if (draw < 0) {
        fault = share.getKey();
        break;
      }
    }
    return new Behaviour(region.behaviour().delay().millis(chance.nextGaussian()), fault);
  }

  private boolean malformedFor(Ask ask) {
    return told == null
        && region.behaviour().malformedForOne()
        && world.malformedFor().contains(ask.resident());
  }

  private final class Answers implements ResponseTransformerV2 {

    private final CountDownLatch stopped;

    Answers(CountDownLatch stopped) {
      this.stopped = stopped;
    }

    @Override
    public String getName() {
      return "answers";
    }

    @Override
    public boolean applyGlobally() {
      return true;
    }

    @Override
    public Response transform(Response response, ServeEvent event) {
      BookingSystemSoap system = systems.get(URI.create(event.getRequest().getUrl()).getPath());
      if (system == null) {
        return plain(response, 404, "no booking system here; see producers.yaml").build();
      }
      if (!event.getRequest().getMethod().equals(RequestMethod.POST)) {
        return plain(response, 405, "a booking system takes POST only").build();
      }
      Ask ask;
      try {
        ask = system.read(event.getRequest().getBody());
      } catch (Refused e) {
        return soap(response, 500, BookingSystemSoap.fault("Client", e.why())).build();
      }
      calls.increment();
      Behaviour now = next();
      Fault fault = now.fault() == null && malformedFor(ask) ? Fault.MALFORMED : now.fault();
      byte[] answer = system.answer(ask);
      return (fault == null ? soap(response, 200, answer) : failing(response, fault, ask, answer))
          .incrementInitialDelay(now.delayMs())
          .build();
    }

    private Response.Builder failing(Response response, Fault fault, Ask ask, byte[] answer) {
      return switch (fault) {
        case TIMEOUT -> reset(response).incrementInitialDelay(HANG_MS);
        case RESET, DOWN -> reset(response);
        case SOAP_FAULT ->
            soap(
                response,
                500,
                BookingSystemSoap.fault(
                    "Server",
                    "ORA-01403: ingen post för patient " + ask.resident() + " i TIDBOK på db17"));
        case MALFORMED -> soap(response, 200, Arrays.copyOf(answer, answer.length * 2 / 3));
        case EMPTY -> soap(response, 200, new byte[0]);
        case HTTP_500 -> plain(response, 500, "Internt fel, försök igen");
        case HTTP_503 ->
            plain(response, 503, "Systemet är stängt för underhåll")
                .headers(
                    new HttpHeaders(
                        new HttpHeader("Content-Type", "text/plain;charset=UTF-8"),
                        new HttpHeader("Retry-After", "120")));
        case NOT_SOAP ->
            soap(response, 200, "<!DOCTYPE html><html><body>Välkommen<br></body>".getBytes(UTF_8))
                .headers(
                    new HttpHeaders(new HttpHeader("Content-Type", "text/html;charset=UTF-8")));
        case SLOW_DRIP -> soap(response, 200, answer).body(() -> new NoEnd.Drip(answer, stopped));
        case ENDLESS -> soap(response, 200, answer).body(() -> new NoEnd.Flood(answer, stopped));
      };
    }

    private static Response.Builder reset(Response response) {
      return Response.Builder.like(response)
          .fault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER);
    }

    private static Response.Builder soap(Response response, int status, byte[] body) {
      return Response.Builder.like(response)
          .status(status)
          .headers(new HttpHeaders(new HttpHeader("Content-Type", "text/xml;charset=UTF-8")))
          .body(body);
    }

    private static Response.Builder plain(Response response, int status, String text) {
      return Response.Builder.like(response)
          .status(status)
          .headers(new HttpHeaders(new HttpHeader("Content-Type", "text/plain;charset=UTF-8")))
          .body(text);
    }
  }
}
