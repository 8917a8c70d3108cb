package se.samflode.producer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.core.io.Resource;
import se.samflode.config.InvalidFile;
import se.samflode.config.YamlFiles;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;

/**
 * The registry file as a whole.
 *
 * @param producers every producer, 1 or more
 */
record RegistryFile(List<Producer> producers) {

  @SuppressWarnings("ConstantValue") // the file may leave it out
  RegistryFile {
    if (producers == null || producers.isEmpty()) {
      throw new IllegalArgumentException("producers must name at least one producer");
    }
    producers = List.copyOf(producers);
  }

  /**
   * Reads and checks the file.
   *
   * @throws InvalidFile if an entry is wrong, or two entries contradict each other
   */
  static RegistryFile read(Resource resource, Contracts contracts) {
    RegistryFile file = YamlFiles.read(resource, RegistryFile.class);
    String name = resource.getDescription();
    Set<String> known = new HashSet<>();
    contracts.all().stream().map(Contract::name).forEach(known::add);
    Set<String> ids = new HashSet<>();
    Map<String, String> claimed = new HashMap<>();
    for (Producer producer : file.producers) {
      if (!ids.add(producer.id())) {
        throw new InvalidFile(name, "producer " + producer.id() + " stands twice");
      }
      for (String contract : producer.contracts()) {
        if (!known.contains(contract)) {
          throw new InvalidFile(
              name,
              "producer %s: contract \"%s\" is unknown; known are %s"
                  .formatted(producer.id(), contract, known));
        }
        for (String address : producer.addresses()) {
          String other =
              claimed.put(contract + " " + address.toUpperCase(Locale.ROOT), producer.id());
          if (other != null) {
            throw new InvalidFile(
                name,
                "address %s of %s is claimed by %s and by %s"
                    .formatted(address, contract, other, producer.id()));
          }
        }
      }
    }
    return file;
  }
}
