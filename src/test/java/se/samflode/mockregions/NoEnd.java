package se.samflode.mockregions;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers that do not end until the caller hangs up or the region stops. They hold one answer in
 * memory, however much they send.
 */
abstract sealed class NoEnd extends InputStream {

  final byte[] answer;
  final CountDownLatch stopped;

  private NoEnd(byte[] answer, CountDownLatch stopped) {
    this.answer = answer;
    this.stopped = stopped;
  }

  /** Nothing: only {@link #transferTo} sends. */
  @Override
  public int read() {
    return -1;
  }

  /** Sends for as long as somebody takes it; never returns in the ordinary way before the stop. */
  @Override
  public abstract long transferTo(OutputStream out) throws IOException;

  /** A byte now and then; after the answer's own bytes, blanks. */
  static final class Drip extends NoEnd {

    private static final long PAUSE_MS = 250;

    Drip(byte[] answer, CountDownLatch stopped) {
      super(answer, stopped);
    }

    @Override
    public long transferTo(OutputStream out) throws IOException {
      long sent = 0;
      try {
        do {
          out.write(sent < answer.length ? answer[(int) sent] : ' ');
          out.flush();
          sent++;
        } while (!stopped.await(PAUSE_MS, TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("stopped");
      }
      return sent;
    }
  }

  /** The answer's start, then one and the same item again and again. */
  static final class Flood extends NoEnd {

    private static final Pattern ITEM = Pattern.compile("<r:(\\w+)>.*?</r:\\1>", Pattern.DOTALL);
    private static final int ITEMS_AT_ONCE = 20;

    Flood(byte[] answer, CountDownLatch stopped) {
      super(answer, stopped);
    }

    @Override
    public long transferTo(OutputStream out) throws IOException {
      String text = new String(answer, UTF_8);
      Matcher item = ITEM.matcher(text);
      boolean found = item.find();
      byte[] start = text.substring(0, found ? item.start() : text.indexOf("</")).getBytes(UTF_8);
      byte[] again = (found ? item.group() : "<!-- -->").repeat(ITEMS_AT_ONCE).getBytes(UTF_8);
      out.write(start);
      long sent = start.length;
      while (stopped.getCount() > 0) {
        out.write(again);
        sent += again.length;
      }
      return sent;
    }
  }
}
