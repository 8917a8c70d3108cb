package se.samflode.access;

import java.nio.file.Path;
import org.springframework.core.io.FileSystemResource;

/** The senders of a file, for tests of other packages. Stateless. */
public final class ListedSenders {

  private ListedSenders() {}

  /** As the application reads them. */
  public static Senders of(Path file) {
    return new Senders(new SendersSettings(new FileSystemResource(file)));
  }
}
