package se.samflode.demo;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import se.samflode.mockregions.MockLab;
import se.samflode.testing.LabResultsReader;

/** Reads lab results as residents do, each time at the next node. Thread-safe. */
final class LabResultsOfNodes implements MockLab.ReadBack {

  private final List<URI> nodes;
  private final LabResultsReader reader;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param nodes their addresses without a path, 1 or more
   */
  LabResultsOfNodes(List<URI> nodes, LabResultsReader reader) {
    this.nodes = List.copyOf(nodes);
    this.reader = reader;
  }

  @Override
  public Optional<String> value(String resident, String record)
      throws IOException, InterruptedException {
    URI node = nodes.get(Math.floorMod(next.getAndIncrement(), nodes.size()));
    return Optional.ofNullable(reader.values(node, resident).get(record));
  }
}
