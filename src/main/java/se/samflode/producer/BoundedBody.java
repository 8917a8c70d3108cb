package se.samflode.producer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import se.samflode.contract.Reason;

/** An answer's body that ends in an exception where it passes a limit. Used by one thread. */
final class BoundedBody extends FilterInputStream {

  /** The step in which the node's budget is taken, bytes. */
  private static final long STEP = 64 * 1024L;

  private final long limit;
  private final ByteBudget budget;
  private long read;
  private long taken;

  BoundedBody(InputStream in, long limit, ByteBudget budget) {
    super(in);
    this.limit = limit;
    this.budget = budget;
  }

  /** The body passed a limit. */
  static final class Exceeded extends IOException {
    @Serial private static final long serialVersionUID = 1L;
    private final Reason reason;

    Exceeded(Reason reason) {
      super(reason.code());
      this.reason = reason;
    }

    Reason reason() {
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

  private void count(int bytes) throws IOException {
    read += bytes;
    if (read > limit) {
      throw new Exceeded(Reason.TOO_LARGE);
    }
    while (taken < read) {
      if (!budget.take(STEP)) {
        throw new Exceeded(Reason.LIMITED);
      }
      taken += STEP;
    }
  }

  /** Gives back what was taken from the node's budget. */
  void release() {
    budget.giveBack(taken);
    taken = 0;
  }
}
