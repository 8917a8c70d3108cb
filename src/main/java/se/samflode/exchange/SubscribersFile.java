package se.samflode.exchange;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.core.io.Resource;
import se.samflode.config.InvalidFile;
import se.samflode.config.YamlFiles;

/**
 * The file of subscribers as a whole.
 *
 * @param subscribers 0 to 200
 */
record SubscribersFile(List<Subscriber> subscribers) {

  /** Most subscribers of the file, and most that the register may name. */
  static final int MAX_SUBSCRIBERS = 200;

  @SuppressWarnings("ConstantValue") // the file may leave it out
  SubscribersFile {
    if (subscribers == null) {
      throw new IllegalArgumentException("subscribers is missing; [] stands for none");
    }
    subscribers = List.copyOf(subscribers);
    if (subscribers.size() > MAX_SUBSCRIBERS) {
      throw new IllegalArgumentException("at most " + MAX_SUBSCRIBERS + " subscribers");
    }
  }

  /**
   * Reads and checks the file.
   *
   * @throws InvalidFile if an entry is wrong, or an address stands twice
   */
  static SubscribersFile read(Resource resource, SoapClient client) {
    SubscribersFile file = YamlFiles.read(resource, SubscribersFile.class);
    Set<String> seen = new HashSet<>();
    for (Subscriber subscriber : file.subscribers) {
      if (!seen.add(subscriber.key())) {
        throw new InvalidFile(
            resource.getDescription(),
            "subscriber " + subscriber.logicalAddress() + " stands twice");
      }
      String bundle = subscriber.sslBundle();
      if (bundle != null && !client.canUse(bundle)) {
        throw new InvalidFile(
            resource.getDescription(),
            "subscriber %s: there is no usable spring.ssl.bundle named %s"
                .formatted(subscriber.logicalAddress(), bundle));
      }
    }
    return file;
  }
}
