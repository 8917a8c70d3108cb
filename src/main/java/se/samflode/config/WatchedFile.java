package se.samflode.config;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;

/**
 * A file that is read at start and read again when it has changed. A change that cannot be used is
 * logged and leaves the content in force as it was. Thread-safe.
 *
 * @param <T> what the file is read into, immutable
 */
public final class WatchedFile<T> {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);

  private final Resource resource;
  private final Function<Resource, T> reader;
  private volatile T current;
  private String seen;

  /**
   * Reads the file for the first time.
   *
   * @param reader reads and checks the whole file; throws {@link InvalidFile} where it cannot be
   *     used
   * @throws InvalidFile if the file cannot be used
   */
  public WatchedFile(Resource resource, Function<Resource, T> reader) {
    this.resource = resource;
    this.reader = reader;
    this.seen = stamp();
    this.current = reader.apply(resource);
  }

  /** The content in force. */
  public T current() {
    return current;
  }

  /**
   * Reads the file again if its time or length has changed. Called on a schedule by its owner.
   *
   * @param changed told the new content after it has come into force
   */
  public synchronized void refresh(Consumer<T> changed) {
    String now = stamp();
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      T next = reader.apply(resource);
      current = next;
      changed.accept(next);
      LOG.atInfo()
          .addKeyValue("event", "config.reloaded")
          .addKeyValue("file", resource.getDescription())
          .log("configuration file was read again");
    } catch (InvalidFile e) {
      LOG.atError()
          .addKeyValue("event", "config.rejected")
          .addKeyValue("file", resource.getDescription())
          .addKeyValue("problem", e.getMessage())
          .log("configuration file has changed and cannot be used; what was in force stays");
    }
  }

  private String stamp() {
    try {
      return resource.lastModified() + "/" + resource.contentLength();
    } catch (IOException e) {
      return "unreadable";
    }
  }
}
