package se.samflode.producer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import se.samflode.config.InvalidFile;
import se.samflode.config.Reread;
import se.samflode.config.WatchedFile;
import se.samflode.contract.Contract;
import se.samflode.contract.Contracts;
import se.samflode.identity.LogicalAddress;

/**
 * The producer registry: who answers for which logical address. Its files are re-read on change; a
 * file that cannot be used leaves the registry as it was. Thread-safe.
 */
@Component
public final class Producers implements Reread {

  private final WatchedFile<RegistryFile> registry;
  private final WatchedFile<UnitTree> units;
  private final ProducerRoutes routes;
  private volatile Map<String, Producer> byContractAndAddress;

  /**
   * Reads both files and starts a route for each producer.
   *
   * @throws InvalidFile if a file cannot be used
   */
  Producers(ProducerSettings settings, Contracts contracts, ProducerRoutes routes) {
    this.registry =
        new WatchedFile<>(settings.registry(), file -> checked(file, contracts, routes));
    this.units = new WatchedFile<>(settings.units(), UnitTree::read);
    this.routes = routes;
    this.byContractAndAddress = byContractAndAddress(registry.current());
    routes.follow(registry.current().producers());
  }

  private static RegistryFile checked(Resource file, Contracts contracts, ProducerRoutes routes) {
    RegistryFile read = RegistryFile.read(file, contracts);
    for (Producer producer : read.producers()) {
      String bundle = producer.sslBundle();
      if (bundle != null && !routes.canUse(bundle)) {
        throw new InvalidFile(
            file.getDescription(),
            "producer %s: there is no usable spring.ssl.bundle named %s"
                .formatted(producer.id(), bundle));
      }
    }
    return read;
  }

  /**
   * Who answers for an address, and which of some contracts it is asked.
   *
   * @param contract the first one that it has
   */
  public record Answering(Producer producer, Contract contract) {}

  /**
   * Who answers for an address: the producer that names it, else the one that names its nearest
   * parent, else the one that answers for everything else. Who is nearer goes before which contract
   * it has.
   *
   * @param contracts that may be asked, the preferred one first
   */
  public Optional<Answering> answering(List<Contract> contracts, LogicalAddress address) {
    Map<String, Producer> table = byContractAndAddress;
    List<String> nearestFirst = new ArrayList<>();
    withParents(address).forEach(unit -> nearestFirst.add(unit.folded()));
    nearestFirst.add(Producer.EVERYTHING_ELSE);
    for (String named : nearestFirst) {
      for (Contract contract : contracts) {
        Producer producer = table.get(key(contract.name(), named));
        if (producer != null) {
          return Optional.of(new Answering(producer, contract));
        }
      }
    }
    return Optional.empty();
  }

  /** The address itself and its parents in the tree of units, nearest first. */
  public List<LogicalAddress> withParents(LogicalAddress address) {
    return units.current().withParents(address);
  }

  /** A number that hardly any two trees of units have in common: of the one in force. */
  public int unitTree() {
    return units.current().number();
  }

  /** Every producer in force. */
  public List<Producer> all() {
    return registry.current().producers();
  }

  @Override
  public void reread() {
    units.refresh(tree -> {});
    registry.refresh(file -> {
      // In this order, so that whoever is found for an address has a route.
      routes.follow(file.producers());
      byContractAndAddress = byContractAndAddress(file);
      routes.retireUnwanted();
    });
  }

  /** Whether producers can be called yet: their routes start after everything else. */
  public boolean started() {
    return routes.started();
  }

  private static Map<String, Producer> byContractAndAddress(RegistryFile file) {
    Map<String, Producer> table = new HashMap<>();
    for (Producer producer : file.producers()) {
      for (String contract : producer.contracts()) {
        for (String address : producer.addresses()) {
          table.put(key(contract, address.toUpperCase(Locale.ROOT)), producer);
        }
      }
    }
    return Map.copyOf(table);
  }

  private static String key(String contract, String address) {
    return contract + " " + address;
  }
}
