package se.samflode.mockregions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import se.samflode.mockregions.RegionsFile.Region;

/**
 * All mock regions, running: their servers, their data and their control. The working directory is
 * the project's. Thread-safe; closing it frees all ports.
 */
public final class MockRegions implements AutoCloseable {

  /** Where the data of the regions lies. */
  public static final Path FOLDER = Path.of("mock-regions");

  /** Port of the control API when ports are fixed. */
  public static final int CONTROL_PORT = 8090;

  private final RegionsFile file;
  private final World world;
  private final Bookings bookings;
  private final Map<String, RegionServer> servers = new LinkedHashMap<>();
  private final ControlServer control;

  /**
   * What is generated and where it listens.
   *
   * @param seed equal seeds and start days give equal data
   * @param startDay all bookings start 1 to 120 days after it
   * @param fixedPorts true for the ports of {@code regions.yaml} and 8090, false for free ones
   */
  public record Settings(long seed, LocalDate startDay, boolean fixedPorts) {}

  private MockRegions(Settings settings) {
    this.file = RegionsFile.read(new FileSystemResource(FOLDER.resolve("regions.yaml")));
    this.world = Generator.generate(file, settings.seed(), settings.startDay());
    this.bookings = new Bookings(world.bookings());
    boolean complete = false;
    try {
      for (Region region : file.regions()) {
        int port = settings.fixedPorts() ? region.port() : 0;
        servers.put(region.id(), new RegionServer(region, world, bookings, settings.seed(), port));
      }
      this.control = new ControlServer(this, settings.fixedPorts() ? CONTROL_PORT : 0);
      complete = true;
    } finally {
      if (!complete) {
        servers.values().forEach(RegionServer::close);
      }
    }
  }

  /**
   * Generates the data and opens all ports but those of regions that are down from the start.
   *
   * @throws IllegalStateException if a port is taken; the message names it
   */
  public static MockRegions start(Settings settings) {
    return new MockRegions(settings);
  }

  /** The port of a region, open or not. */
  public int port(String regionId) {
    return server(regionId).port();
  }

  /** The port of the control API. */
  public int controlPort() {
    return control.port();
  }

  /** Ids of all regions in the order of their county codes. */
  public List<String> regions() {
    return List.copyOf(servers.keySet());
  }

  /** All residents; those made to show something stand first. */
  public List<Resident> residents() {
    return world.residents();
  }

  /** Everything the systems tell the index at the start, by the HSA-id of the source system. */
  public Map<String, List<Engagement>> engagements() {
    return world.engagements(file);
  }

  /** A resident's bookings in all systems now; none for a resident who is not known. */
  public List<BookingFact> bookings(String residentId) {
    return bookings.of(residentId);
  }

  /**
   * Books a time, or changes the one with its id: the system's next answer has it. The index is not
   * told; whoever wants that tells it, before or after, as systems do.
   */
  public void book(BookingFact booking) {
    bookings.put(booking);
  }

  /** Takes a booked time away, if it is there; as {@link #book}. */
  public void cancel(BookingFact booking) {
    bookings.remove(booking);
  }

  /**
   * Residents beyond {@link #residents}, with published numbers, of whom no system has anything.
   *
   * @param count 0 to 11,000
   */
  public List<Resident> strangers(int count) {
    Set<String> known = world.residents().stream().map(Resident::id).collect(Collectors.toSet());
    IdentityNumbers numbers = new IdentityNumbers(new SplittableRandom(count));
    return Stream.generate(() -> numbers.next(Resident.Kind.PERSONNUMMER))
        .filter(number -> !known.contains(number))
        .limit(count)
        .map(number -> new Resident(number, Resident.Kind.PERSONNUMMER, "no bookings yet"))
        .toList();
  }

  /** A resident's records in all journal and lab systems; none for one who is not known. */
  public List<RecordFact> records(String residentId) {
    return world.records().stream().filter(fact -> fact.residentId().equals(residentId)).toList();
  }

  /** Makes every call of a region, to all its systems, end so from now on. */
  public void setBehaviour(String regionId, Behaviour behaviour) {
    server(regionId).behave(behaviour);
  }

  /**
   * Makes every call of one system of a region end so from now on, until the region is told
   * something.
   *
   * @param behaviour {@code null} for that of the region
   * @throws IllegalArgumentException if there is no such system, or it should go down alone
   */
  public void setBehaviour(String regionId, String system, @Nullable Behaviour behaviour) {
    server(regionId).behave(system, behaviour);
  }

  /** Gives a region the behaviour it had at the start, and all its systems with it. */
  public void restore(String regionId) {
    server(regionId).behave(null);
  }

  /** Calls per region and contract since the start or since {@link #clearCalls}. */
  public Map<String, Map<String, Long>> calls() {
    Map<String, Map<String, Long>> calls = new LinkedHashMap<>();
    servers.forEach((id, server) -> calls.put(id, server.calls()));
    return calls;
  }

  /** Counts calls from zero again. */
  public void clearCalls() {
    servers.values().forEach(RegionServer::clearCalls);
  }

  /** The text of {@code producers.yaml} with the ports that the regions really have. */
  public String producersYaml() {
    String text;
    try {
      text = Files.readString(FOLDER.resolve("producers.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Region region : file.regions()) {
      text =
          text.replace(
              "http://localhost:" + region.port() + "/",
              "http://localhost:" + port(region.id()) + "/");
    }
    return text;
  }

  @Override
  public void close() {
    control.close();
    servers.values().forEach(RegionServer::close);
  }

  private RegionServer server(String regionId) {
    RegionServer server = servers.get(regionId);
    if (server == null) {
      throw new IllegalArgumentException(
          "unknown region; it must be one of " + String.join(", ", servers.keySet()));
    }
    return server;
  }
}
