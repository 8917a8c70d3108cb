package se.samflode.federation;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Actor;

/**
 * A consumer's question about one resident. Immutable; prints itself redacted.
 *
 * @param wanted what is asked about whom
 * @param asker on whose rights
 * @param actor the person header to send; {@code null} for none
 * @param shaping HTTP headers to send that may shape the answer; answers are shared only between
 *     questions that agree in them
 * @param headers HTTP headers to send that do not shape the answer
 * @param correlationId stands in every log line of the question
 * @param uncached whether what was fetched before will not do: who asks has just changed something
 *     that the index need not know of yet (read your own writes)
 * @param within until the answer goes out with what has come, counted from the call of {@code ask}
 */
public record Question(
    Wanted wanted,
    Asker asker,
    @Nullable Actor actor,
    Map<String, String> shaping,
    Map<String, String> headers,
    String correlationId,
    boolean uncached,
    Duration within) {

  /** The header that tells a producer for whom the question is asked. */
  public static final String ORIGINAL_CONSUMER = "x-rivta-original-serviceconsumer-hsaid";

  /** Copies the maps. */
  public Question {
    shaping = Map.copyOf(shaping);
    headers = Map.copyOf(headers);
  }

  @Override
  public String toString() {
    return "Question[" + correlationId + "]";
  }
}
