package se.samflode.access;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import se.samflode.config.Reread;
import se.samflode.config.WatchedFile;

/**
 * The consumers in force: who is not listed is refused. Read at start, which fails if the file
 * cannot be used, and again when it has changed. Thread-safe.
 */
@Component
public final class Consumers implements Reread {

  private final WatchedFile<Listed> file;

  Consumers(ConsumersSettings settings) {
    this.file =
        new WatchedFile<>(
            settings.consumers(), resource -> Listed.of(ConsumersFile.read(resource)));
  }

  /** The consumer that a token's {@code client_id} stands for; compared exactly. */
  public Optional<Consumer> byClientId(String clientId) {
    return Optional.ofNullable(file.current().byClientId().get(clientId));
  }

  /** The consumer with an HSA-id, ignoring case. */
  public Optional<Consumer> byHsaId(String hsaId) {
    return Optional.ofNullable(file.current().byHsaId().get(hsaId.toUpperCase(Locale.ROOT)));
  }

  /** Whether any consumer with a {@code client_id} works in batches. */
  boolean anyBatchClient() {
    return file.current().anyBatchClient();
  }

  @Override
  public void reread() {
    file.refresh(changed -> {});
  }

  private record Listed(
      Map<String, Consumer> byHsaId, Map<String, Consumer> byClientId, boolean anyBatchClient) {

    static Listed of(List<Consumer> consumers) {
      Map<String, Consumer> byHsaId = new HashMap<>();
      Map<String, Consumer> byClientId = new HashMap<>();
      for (Consumer consumer : consumers) {
        byHsaId.put(consumer.hsaId().toUpperCase(Locale.ROOT), consumer);
        consumer.clientIds().forEach(id -> byClientId.put(id, consumer));
      }
      return new Listed(
          Map.copyOf(byHsaId),
          Map.copyOf(byClientId),
          byClientId.values().stream().anyMatch(Consumer::batch));
    }
  }
}
