package se.samflode.producer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import se.samflode.config.InvalidFile;
import se.samflode.config.YamlFiles;
import se.samflode.identity.LogicalAddress;

/**
 * Which unit is below which, by HSA-id. Immutable.
 *
 * @param units parent by child
 * @param number hardly any two trees have it in common
 */
record UnitTree(Map<LogicalAddress, LogicalAddress> units, int number) {

  private static final int MAX_DEPTH = 20;

  private record File(@Nullable Map<String, @Nullable String> units) {}

  /**
   * Reads and checks the tree.
   *
   * @throws InvalidFile if an id is no HSA-id, a unit has two parents, or units go round in a
   *     circle
   */
  static UnitTree read(Resource resource) {
    String name = resource.getDescription();
    Map<LogicalAddress, LogicalAddress> units = new HashMap<>();
    Map<String, @Nullable String> lines = YamlFiles.read(resource, File.class).units();
    if (lines == null) {
      throw new InvalidFile(name, "units is missing; write units: {} where there are none");
    }
    lines.forEach((child, parent) -> {
      if (units.put(address(name, child), address(name, parent)) != null) {
        throw new InvalidFile(name, "unit " + child + " stands twice");
      }
    });
    UnitTree tree = new UnitTree(Map.copyOf(units), units.hashCode());
    for (LogicalAddress unit : units.keySet()) {
      if (tree.withParents(unit).size() > MAX_DEPTH) {
        throw new InvalidFile(
            name, "unit " + unit + " has 20 parents or more, or is a parent of itself");
      }
    }
    return tree;
  }

  private static LogicalAddress address(String file, @Nullable String text) {
    if (text == null || !text.matches("[\\w#-]{1,64}")) {
      throw new InvalidFile(file, "\"" + text + "\" is no HSA-id; each line is child: parent");
    }
    return new LogicalAddress(text);
  }

  /** The address itself and its parents, nearest first; at most 21 entries. */
  List<LogicalAddress> withParents(LogicalAddress address) {
    List<LogicalAddress> line = new ArrayList<>();
    LogicalAddress unit = address;
    while (unit != null && line.size() <= MAX_DEPTH) {
      line.add(unit);
      unit = units.get(unit);
    }
    return line;
  }
}
