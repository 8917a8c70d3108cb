package se.samflode.producer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.util.concurrent.atomic.AtomicLong;
import se.samflode.config.ByteBudget;
import se.samflode.contract.Reason;

/**
 * An answer's body that ends in an exception where it passes a limit, by what is read from it or by
 * what is kept of it. For one thread.
 */
public final class AnswerBody extends FilterInputStream {

  /** The step in which the node's budget is taken, bytes. */
  private static final long STEP = 64 * 1024L;

  private final long limit;
  private final ByteBudget budget;
  private long read;
  private long kept;
  private long taken;

  /**
   * @param limit of this answer, bytes
   * @param budget of all answers on this node
   */
  public AnswerBody(InputStream in, long limit, ByteBudget budget) {
    super(in);
    this.limit = limit;
    this.budget = budget;
  }

  /** The body passed a limit. */
  public static final class Exceeded extends IOException {
    @Serial private static final long serialVersionUID = 1L;
    private final Reason reason;

    Exceeded(Reason reason) {
      super(reason.code());
      this.reason = reason;
    }

    /** TOO_LARGE for its own limit, LIMITED for the node's. */
    public Reason reason() {
      return reason;
    }
  }

  @Override
  public int read() throws IOException {
    int b = in.read();
    if (b >= 0) {
      count(1);
    }
    return b;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n = in.read(into, offset, length);
    if (n > 0) {
      count(n);
    }
    return n;
  }

  /**
   * Counts what is kept in memory of this answer, which can be more than was read.
   *
   * @throws IOException if that passes the limit of one answer, or the node's
   */
  public void keep(int bytes) throws IOException {
    kept += bytes;
    bound();
  }

  private void count(int bytes) throws IOException {
    read += bytes;
    bound();
  }

  private void bound() throws IOException {
    long most = Math.max(read, kept);
    if (most > limit) {
      throw new Exceeded(Reason.TOO_LARGE);
    }
    while (taken < most) {
      if (!budget.take(STEP)) {
        throw new Exceeded(Reason.LIMITED);
      }
      taken += STEP;
    }
  }

  /**
   * Hands over what is kept of this answer, so that the node's budget goes on to count it. Called
   * once, when the answer has been read.
   */
  public Kept handOver() {
    long stays = Math.min(taken, (kept + STEP - 1) / STEP * STEP);
    taken -= stays;
    return new Kept(budget, stays);
  }

  /** Gives back what was taken from the node's budget and not handed over. */
  public void release() {
    budget.giveBack(taken);
    taken = 0;
  }

  /** A part of the node's budget, given back once when it is closed. Thread-safe. */
  public static final class Kept implements AutoCloseable {

    private final ByteBudget budget;
    private final AtomicLong bytes;

    private Kept(ByteBudget budget, long bytes) {
      this.budget = budget;
      this.bytes = new AtomicLong(bytes);
    }

    @Override
    public void close() {
      budget.giveBack(bytes.getAndSet(0));
    }
  }
}
