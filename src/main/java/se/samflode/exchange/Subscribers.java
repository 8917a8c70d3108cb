package se.samflode.exchange;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import se.samflode.config.CannotStart;
import se.samflode.config.InvalidFile;
import se.samflode.config.Reread;
import se.samflode.config.WatchedFile;
import se.samflode.index.ChangeFeed;

/** Who is told of changes: those in the file, and those that the register names. Thread-safe. */
@Component
class Subscribers implements Reread {

  private final @Nullable WatchedFile<SubscribersFile> file;
  private final SubscriberRegister register;

  /**
   * Reads the file, if there is one.
   *
   * @throws InvalidFile if it cannot be used
   * @throws CannotStart if changes would be dropped from the feed before they are given up
   */
  Subscribers(
      SubscriberSettings settings,
      RegisterSettings registerSettings,
      SubscriberRegister register,
      SoapClient client,
      ChangeFeed feed) {
    if (settings.giveUpAfter().plusDays(1).compareTo(feed.retention()) > 0) {
      throw new CannotStart(
          "Changes would be dropped from the feed before subscribers have been told:"
              + " samflode.subscribers.give-up-after is too long.",
          "Make it at least a day shorter than samflode.index.feed-retention.");
    }
    String bundle = registerSettings.sslBundle();
    if (bundle != null && !client.canUse(bundle)) {
      throw new CannotStart(
          "There is no usable spring.ssl.bundle named " + bundle + ".",
          "Correct samflode.subscribers.register.ssl-bundle.");
    }
    Resource resource = settings.file();
    this.file =
        resource == null ? null : new WatchedFile<>(resource, r -> SubscribersFile.read(r, client));
    this.register = register;
  }

  /** Where a subscriber is configured. */
  enum Source {
    FILE,
    REGISTER;

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A subscriber that is told, and where it is configured. */
  record Configured(Subscriber subscriber, Source source) {}

  /** All that are told, by {@link Subscriber#key}. One that stands in both is as in the file. */
  Map<String, Configured> current() {
    Map<String, Configured> all = new LinkedHashMap<>();
    register.subscribers().forEach(s -> all.put(s.key(), new Configured(s, Source.REGISTER)));
    if (file != null) {
      file.current().subscribers().forEach(s -> all.put(s.key(), new Configured(s, Source.FILE)));
    }
    return Collections.unmodifiableMap(all);
  }

  @Override
  public void reread() {
    if (file != null) {
      file.refresh(read -> {});
    }
  }
}
