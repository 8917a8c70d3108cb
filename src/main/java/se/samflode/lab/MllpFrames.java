package se.samflode.lab;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import org.apache.camel.component.netty.NettyHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.config.ByteBudget;

/**
 * Stands before Camel's decoder, which takes frames of any length and searches all of a frame each
 * time more of it comes: hands it whole frames. What a frame has beyond the largest message is
 * thrown away as it comes: the decoder gets a frame that is just too long, its sender is told so,
 * and the connection lives on. One that never ends costs the connection. So does one for which all
 * connections together have no memory left: its sender gets no answer, and sends it again. For one
 * connection.
 */
final class MllpFrames extends ChannelDuplexHandler {

  private static final Logger LOG = LoggerFactory.getLogger(MllpFrames.class);

  private static final byte END = 0x1C;
  private static final byte CARRIAGE_RETURN = '\r';
  private static final int USUAL = 4_096;

  /** How much of one frame is thrown away. */
  private static final long MOST_DROPPED = 64L << 20;

  /** What each connection has beside the budget, so that small messages always have room. */
  private static final int FREE = 1 << 16;

  private final int longest;
  private final ByteBudget memory;

  /** Bytes of frames since all before them were answered, and how many of them are budgeted. */
  private long held;

  private long taken;
  private @Nullable ByteBuf frame;
  private long dropped;
  private boolean atEnd;

  /**
   * @param longest bytes of a frame that are passed on, without its end
   * @param memory of all connections, for what they hold until it is answered
   */
  MllpFrames(int longest, ByteBudget memory) {
    this.longest = longest;
    this.memory = memory;
  }

  @Override
  public void channelRead(ChannelHandlerContext connection, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      while (bytes.isReadable() && dropped <= MOST_DROPPED) {
        ByteBuf begun = frame == null ? connection.alloc().heapBuffer(USUAL) : frame;
        frame = begun;
        boolean whole = isWholeWith(bytes, begun);
        if (!isBudgeted()) {
          full(connection);
          return;
        }
        if (whole) {
          frame = null;
          dropped = 0;
          connection.fireChannelRead(begun);
        }
      }
      if (dropped > MOST_DROPPED) {
        NettyHelper.close(connection.channel());
      }
    } finally {
      ReferenceCountUtil.release(bytes);
    }
  }

  private boolean isWholeWith(ByteBuf bytes, ByteBuf begun) {
    if (atEnd && bytes.getByte(bytes.readerIndex()) == CARRIAGE_RETURN) {
      atEnd = false;
      begun.writeByte(bytes.readByte());
      return true;
    }
    int end = bytes.bytesBefore(END);
    int length = end < 0 ? bytes.readableBytes() : end;
    int kept = Math.min(length, Math.max(0, longest - begun.readableBytes()));
    begun.writeBytes(bytes, kept);
    held += kept;
    bytes.skipBytes(length - kept);
    dropped += length - kept;
    atEnd = end >= 0;
    if (atEnd) {
      // Counted as dropped, so that a sender of nothing but ends comes to one.
      begun.writeByte(bytes.readByte());
      dropped++;
    }
    return false;
  }

  private boolean isBudgeted() {
    long more = held - FREE - taken;
    if (more <= 0) {
      return true;
    }
    boolean granted = memory.take(more);
    taken += granted ? more : 0;
    return granted;
  }

  private static void full(ChannelHandlerContext connection) {
    LOG.atWarn()
        .addKeyValue("event", "lab.memory-full")
        .addKeyValue("peer", MllpTurns.peer(connection.channel().remoteAddress()))
        .log(
            "messages of HL7 v2 hold all of samflode.lab.mllp.memory; this connection is closed,"
                + " and its lab sends the message again");
    NettyHelper.close(connection.channel());
  }

  /** More is asked for when all that came has been answered, and while a frame is incomplete. */
  @Override
  public void read(ChannelHandlerContext connection) throws Exception {
    if (frame == null) {
      giveBack();
    }
    super.read(connection);
  }

  private void giveBack() {
    memory.giveBack(taken);
    taken = 0;
    held = 0;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext connection) {
    giveBack();
    if (frame != null) {
      frame.release();
      frame = null;
    }
  }
}
