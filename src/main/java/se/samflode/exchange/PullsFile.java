package se.samflode.exchange;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.io.Resource;
import se.samflode.config.InvalidFile;
import se.samflode.config.YamlFiles;

/**
 * The file of sources that are pulled, as a whole. Immutable.
 *
 * @param sources every source, 1,000 at most; may be none
 */
record PullsFile(List<PullSource> sources) {

  private static final int MOST = 1000;

  /** Checks the number of sources. */
  @SuppressWarnings("ConstantValue") // the file may leave it out
  PullsFile {
    if (sources == null || sources.size() > MOST) {
      throw new IllegalArgumentException("sources must be a list of at most 1000");
    }
    sources = List.copyOf(sources);
  }

  /**
   * Reads and checks the file.
   *
   * @throws InvalidFile if an entry is wrong, or two entries contradict each other
   */
  static PullsFile read(Resource resource, SslBundles sslBundles) {
    PullsFile file = YamlFiles.read(resource, PullsFile.class);
    String name = resource.getDescription();
    Set<String> ids = new HashSet<>();
    Map<String, String> claimed = new HashMap<>();
    for (PullSource source : file.sources) {
      if (!ids.add(source.id())) {
        throw new InvalidFile(name, "source " + source.id() + " stands twice");
      }
      String bundle = source.sslBundle();
      if (bundle != null && !sslBundles.getBundleNames().contains(bundle)) {
        throw new InvalidFile(
            name,
            "source %s: there is no spring.ssl.bundle named %s".formatted(source.id(), bundle));
      }
      for (String domain : source.serviceDomains()) {
        String other = claimed.put(source.sourceSystem() + " " + domain, source.id());
        if (other != null) {
          throw new InvalidFile(
              name,
              "%s of %s is pulled from %s and from %s: each would delete what the other has told"
                  .formatted(domain, source.sourceSystem(), other, source.id()));
        }
      }
    }
    return file;
  }
}
