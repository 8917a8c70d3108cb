package se.samflode.access;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import se.samflode.config.Reread;
import se.samflode.config.WatchedFile;
import se.samflode.identity.LogicalAddress;

/**
 * Who may push, and for which source systems: who is not listed is refused. Read at start, which
 * fails if the file cannot be used, and again when it has changed. Thread-safe.
 */
@Component
public final class Senders implements Reread {

  private static final Listed NOBODY = Listed.of(new SendersFile.Content(List.of(), List.of()));

  private final @Nullable WatchedFile<Listed> file;

  Senders(SendersSettings settings) {
    Resource resource = settings.senders();
    this.file =
        resource == null
            ? null
            : new WatchedFile<>(resource, given -> Listed.of(SendersFile.read(given)));
  }

  private Listed listed() {
    return file == null ? NOBODY : file.current();
  }

  /** All senders, in the order of the file. */
  public Collection<Sender> all() {
    return listed().byId().values();
  }

  /** The sender with an id; compared exactly. */
  public Optional<Sender> byId(String id) {
    return Optional.ofNullable(listed().byId().get(id));
  }

  /** The sender that a token's {@code client_id} stands for; compared exactly. */
  public Optional<Sender> byClientId(String clientId) {
    return Optional.ofNullable(listed().byClientId().get(clientId));
  }

  /** The sender that a client certificate's subject stands for, whatever its spelling. */
  public Optional<Sender> byCertificate(X500Principal subject) {
    return Optional.ofNullable(listed().byCertificate().get(subject));
  }

  /** The source system with an address that some sender pushes for. */
  public Optional<Pushing> pushing(LogicalAddress address) {
    return Optional.ofNullable(listed().bySourceSystem().get(address));
  }

  /** The organisations that answer for what is pushed. */
  public List<Controller> controllers() {
    return listed().controllers();
  }

  @Override
  public void reread() {
    if (file != null) {
      file.refresh(changed -> {});
    }
  }

  /** A source system, and who pushes for it. */
  public record Pushing(Sender sender, Sender.SourceSystem sourceSystem) {}

  private record Listed(
      Map<String, Sender> byId,
      Map<String, Sender> byClientId,
      Map<X500Principal, Sender> byCertificate,
      Map<LogicalAddress, Pushing> bySourceSystem,
      List<Controller> controllers) {

    static Listed of(SendersFile.Content content) {
      Map<String, Sender> byId = new LinkedHashMap<>();
      Map<String, Sender> byClientId = new HashMap<>();
      Map<X500Principal, Sender> byCertificate = new HashMap<>();
      Map<LogicalAddress, Pushing> bySourceSystem = new HashMap<>();
      for (Sender sender : content.senders()) {
        byId.put(sender.id(), sender);
        sender.clientIds().forEach(id -> byClientId.put(id, sender));
        sender.certificates().forEach(subject -> byCertificate.put(subject, sender));
        sender
            .sourceSystems()
            .forEach(system -> bySourceSystem.put(system.address(), new Pushing(sender, system)));
      }
      return new Listed(byId, byClientId, byCertificate, bySourceSystem, content.controllers());
    }
  }
}
