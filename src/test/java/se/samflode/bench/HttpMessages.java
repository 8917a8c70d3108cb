package se.samflode.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.1 messages off a connection and does little else, so that callers and producers of a
 * benchmark take little of the machine. Not thread-safe.
 */
final class HttpMessages {

  private final InputStream in;
  private byte[] line = new byte[1024];

  HttpMessages(InputStream in) {
    this.in = new BufferedInputStream(in, 16 * 1024);
  }

  /**
   * One request or response.
   *
   * @param start its first line
   * @param body byte for byte as Latin-1
   * @param last whether the connection ends after it
   */
  record Message(String start, String body, boolean last) {}

  /** The next message, or {@code null} if the other side has closed the connection. */
  @Nullable Message next() throws IOException {
    String start = line();
    if (start.isEmpty()) {
      return null;
    }
    int length = 0;
    boolean chunked = false;
    boolean last = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      } else if (header.regionMatches(true, 0, "Transfer-Encoding:", 0, 18)) {
        chunked = true;
      } else if (header.equalsIgnoreCase("Connection: close")) {
        last = true;
      }
    }
    return new Message(start, chunked ? chunks() : text(length), last);
  }

  private String chunks() throws IOException {
    StringBuilder body = new StringBuilder();
    int length;
    do {
      length = Integer.parseInt(line(), 16);
      body.append(text(length));
      line();
    } while (length > 0);
    return body.toString();
  }

  private String text(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("a message ends too early");
    }
    return new String(bytes, ISO_8859_1);
  }

  /** A line without its end; empty at the end of the stream too. */
  private String line() throws IOException {
    int length = 0;
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (length == line.length) {
        line = Arrays.copyOf(line, 2 * length);
      }
      line[length++] = (byte) next;
    }
    return new String(line, 0, length, ISO_8859_1).stripTrailing();
  }
}
