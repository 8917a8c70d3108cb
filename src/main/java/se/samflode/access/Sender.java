package se.samflode.access;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import se.samflode.identity.LogicalAddress;

/**
 * A system that pushes results or index updates, as the file of senders lists it. Immutable.
 *
 * @param id unique, lower-case letters, digits and hyphens, 1 to 40 characters; stands in the names
 *     of topics, in metrics and in answers
 * @param name for people
 * @param clientIds the {@code client_id} of its tokens, exact; empty if it sends nothing over HTTP
 * @param certificates the subjects of its client certificates; empty if it sends no HL7 v2
 * @param kafka whether it sends over Kafka
 * @param sourceSystems the source systems that it may push for, 1 or more
 */
public record Sender(
    String id,
    String name,
    Set<String> clientIds,
    Set<X500Principal> certificates,
    boolean kafka,
    List<SourceSystem> sourceSystems) {

  /** Copies what is handed in. */
  public Sender {
    clientIds = Set.copyOf(clientIds);
    certificates = Set.copyOf(certificates);
    sourceSystems = List.copyOf(sourceSystems);
  }

  /**
   * A source system whose results a sender pushes. Immutable.
   *
   * @param address its HSA-id
   * @param name for people
   * @param dataController the HSA-id of the organisation that answers for the data
   * @param releases what is held back from the resident for a while; the first that fits counts
   */
  public record SourceSystem(
      LogicalAddress address, String name, String dataController, List<Release> releases) {

    /** Copies the list. */
    public SourceSystem {
      releases = List.copyOf(releases);
    }

    /**
     * How long a result of some types is held back from the resident, counted from the arrival of
     * its first version that answers something; zero unless a rule names one of the types.
     */
    public Duration heldBack(Set<String> types) {
      return releases.stream()
          .filter(release -> release.types().stream().anyMatch(types::contains))
          .findFirst()
          .map(Release::after)
          .orElse(Duration.ZERO);
    }
  }

  /**
   * What is held back from the resident.
   *
   * @param types codes or words of reports, disciplines, groups or analyses, exact
   * @param after how long, more than zero, at most 365 days
   */
  public record Release(Set<String> types, Duration after) {

    /** Copies the set. */
    public Release {
      types = Set.copyOf(types);
    }
  }

  /** The source system with an HSA-id, ignoring case; empty if it may not push for it. */
  public Optional<SourceSystem> sourceSystem(String hsaId) {
    return sourceSystems.stream()
        .filter(system -> system.address().value().equalsIgnoreCase(hsaId))
        .findFirst();
  }
}
