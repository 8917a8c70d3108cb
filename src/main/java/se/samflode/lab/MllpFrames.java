package se.samflode.lab;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.apache.camel.component.netty.NettyHelper;
import org.jspecify.annotations.Nullable;

/**
 * Stands before Camel's decoder, which takes frames of any length and searches all of a frame each
 * time more of it comes: hands it whole frames. What a frame has beyond the largest message is
 * thrown away as it comes: the decoder gets a frame that is just too long, its sender is told so,
 * and the connection lives on. One that never ends costs the connection. For one connection.
 */
final class MllpFrames extends ChannelInboundHandlerAdapter {

  private static final byte END = 0x1C;
  private static final byte CARRIAGE_RETURN = '\r';
  private static final int USUAL = 4_096;

  /** How much of one frame is thrown away. */
  private static final long MOST_DROPPED = 64L << 20;

  private final int longest;
  private @Nullable ByteBuf frame;
  private long dropped;
  private boolean atEnd;

  /**
   * @param longest bytes of a frame that are passed on, without its end
   */
  MllpFrames(int longest) {
    this.longest = longest;
  }

  @Override
  public void channelRead(ChannelHandlerContext connection, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      while (bytes.isReadable() && dropped <= MOST_DROPPED) {
        ByteBuf begun = frame == null ? connection.alloc().heapBuffer(USUAL) : frame;
        frame = begun;
        if (isWholeWith(bytes, begun)) {
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

  @Override
  public void handlerRemoved(ChannelHandlerContext connection) {
    if (frame != null) {
      frame.release();
      frame = null;
    }
  }
}
