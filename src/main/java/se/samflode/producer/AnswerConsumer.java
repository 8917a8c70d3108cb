package se.samflode.producer;

import java.io.IOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.SourceFailed;

/** Reads the body of a producer's answer while the connection is open. */
@FunctionalInterface
public interface AnswerConsumer {

  /**
   * Reads the answer to its end.
   *
   * @param body bounded in bytes; not to be stored or closed
   * @param charset the charset that Content-Type names, {@code null} if it names none
   * @throws SourceFailed if the answer cannot be shown
   * @throws IOException if the transport failed
   */
  void read(AnswerBody body, @Nullable Charset charset) throws SourceFailed, IOException;
}
