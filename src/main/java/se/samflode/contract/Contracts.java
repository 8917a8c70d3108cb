package se.samflode.contract;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;
import se.samflode.config.InvalidFile;
import se.samflode.config.YamlFiles;

/** The contract catalogue: every aggregated contract, read once at start. Immutable. */
@Component
public final class Contracts {

  private static final String DESCRIPTORS = "classpath*:contracts/rivta/**/contract.yaml";

  private final List<Contract> all;
  private final Map<Contract, ItemSchema> schemas;
  private final Map<Contract, RequestBody> everything;
  private final Map<String, List<Contract>> byKind;

  /**
   * Reads all descriptors and their schemas.
   *
   * @throws InvalidFile if a descriptor or a schema cannot be used, or two describe the same
   *     contract
   */
  public Contracts() {
    List<Contract> found = new ArrayList<>();
    for (Resource descriptor : descriptors()) {
      Contract contract = read(descriptor);
      if (found.stream().anyMatch(c -> c.name().equals(contract.name()))) {
        throw new InvalidFile(descriptor.getDescription(), contract.name() + " stands twice");
      }
      if (found.stream().anyMatch(c -> isOfTheSameKind(c, contract) && !agree(c, contract))) {
        throw new InvalidFile(
            descriptor.getDescription(),
            "contracts of the kind " + contract.kind() + " must agree in index and called");
      }
      found.add(contract);
    }
    all = List.copyOf(found);
    schemas = all.stream().collect(Collectors.toUnmodifiableMap(c -> c, Contracts::schema));
    everything =
        all.stream().collect(Collectors.toUnmodifiableMap(c -> c, RequestBody::ofEverything));
    byKind =
        all.stream()
            .filter(c -> c.kind() != null)
            .sorted(Comparator.comparingInt((Contract c) -> c.interaction().major()).reversed())
            .collect(Collectors.groupingBy(c -> Objects.requireNonNull(c.kind())));
  }

  private static Contract read(Resource descriptor) {
    Contract contract = YamlFiles.read(descriptor, Contract.class);
    Interaction interaction = contract.interaction();
    String place = interaction.descriptor();
    // A resource of a jar names the jar too.
    if (!descriptor.getDescription().replace('\\', '/').contains("/" + place)) {
      throw new InvalidFile(
          descriptor.getDescription(),
          "interaction says that the file is "
              + place
              + "; move the folder or correct interaction");
    }
    if (!new ClassPathResource(interaction.wsdl()).exists()) {
      throw new InvalidFile(
          interaction.wsdl(),
          "the file is missing; see docs/add-a-contract.md for how files are named");
    }
    return contract;
  }

  private static ItemSchema schema(Contract contract) {
    return ItemSchema.of(contract, DescriptorCheck.coreOf(contract));
  }

  /** All aggregated contracts, in no particular order. */
  public List<Contract> all() {
    return all;
  }

  /** Reads answers of a contract, see {@link AnswerReader}. */
  public AnswerReader reader(Contract contract) {
    return new AnswerReader(contract, Objects.requireNonNull(schemas.get(contract)));
  }

  /** The request for everything that a contract's producers have about a resident. */
  public RequestBody requestOfEverything(Contract contract) {
    return Objects.requireNonNull(everything.get(contract));
  }

  /** The contracts of a read model, the newest version first; empty if there is no such kind. */
  public List<Contract> ofKind(String kind) {
    return byKind.getOrDefault(kind, List.of());
  }

  private static boolean isOfTheSameKind(Contract a, Contract b) {
    return a.kind() != null && a.kind().equals(b.kind());
  }

  /** Since one look-up serves all versions of a kind. */
  private static boolean agree(Contract a, Contract b) {
    return a.index().equals(b.index()) && a.called() == b.called();
  }

  /**
   * The contract with this name.
   *
   * @param name such as {@code GetSubjectOfCareSchedule 1}
   * @throws IllegalArgumentException if there is none
   */
  public Contract named(String name) {
    return all.stream()
        .filter(c -> Objects.equals(c.name(), name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no contract is named " + name));
  }

  private static Resource[] descriptors() {
    try {
      return new PathMatchingResourcePatternResolver().getResources(DESCRIPTORS);
    } catch (IOException e) {
      throw new InvalidFile(DESCRIPTORS, "the contract descriptors cannot be listed");
    }
  }
}
