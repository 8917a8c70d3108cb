package se.samflode.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import se.samflode.config.InvalidFile;
import se.samflode.config.Reread;
import se.samflode.config.WatchedFile;

/**
 * The source systems that are pulled. Their file is re-read on change; one that cannot be used
 * leaves them as they were. Thread-safe.
 */
@Component
class PullSources implements Reread {

  private final @Nullable WatchedFile<PullsFile> file;

  /**
   * Reads the file, if one is named.
   *
   * @throws InvalidFile if it cannot be used
   */
  PullSources(PullSettings settings, SslBundles sslBundles) {
    Resource named = settings.file();
    file =
        named == null
            ? null
            : new WatchedFile<>(named, resource -> PullsFile.read(resource, sslBundles));
  }

  /** Every source in force, those that are not enabled too. */
  List<PullSource> all() {
    return file == null ? List.of() : file.current().sources();
  }

  @Override
  public void reread() {
    if (file != null) {
      file.refresh(sources -> {});
    }
  }
}
