package se.samflode.lab;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.IdleStateEvent;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.camel.component.netty.NettyHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one message of a connection through at a time, and reads on when it is answered. For one
 * connection, on its event loop.
 */
final class MllpTurns extends ChannelDuplexHandler {

  private static final Logger LOG = LoggerFactory.getLogger(MllpTurns.class);

  private enum State {
    WAITING,
    STORING,
    ANSWERING
  }

  private final Queue<Object> waiting = new ArrayDeque<>();
  private State state = State.WAITING;
  private boolean stopping;

  @Override
  public void channelActive(ChannelHandlerContext connection) {
    connection.fireChannelActive();
    connection.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext connection, Object message) {
    if (state == State.WAITING) {
      state = State.STORING;
      connection.fireChannelRead(message);
    } else {
      // It came in the same read as the one before it; no more are read meanwhile.
      waiting.add(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext connection) {
    connection.fireChannelReadComplete();
    if (state == State.WAITING) {
      // A handshake, or a part of a message: there is more to come.
      connection.read();
    }
  }

  @Override
  public void write(ChannelHandlerContext connection, Object answer, ChannelPromise written) {
    state = State.ANSWERING;
    connection
        .write(answer, written.unvoid())
        .addListener(done -> {
          if (stopping || !done.isSuccess()) {
            NettyHelper.close(connection.channel());
          } else {
            next(connection);
          }
        });
  }

  private void next(ChannelHandlerContext connection) {
    state = State.WAITING;
    Object message = waiting.poll();
    if (message == null) {
      connection.read();
    } else {
      channelRead(connection, message);
    }
  }

  /** Closes the connection, but a message that is being stored gets its answer first. */
  void stop(ChannelHandlerContext connection) {
    stopping = true;
    if (state == State.WAITING) {
      NettyHelper.close(connection.channel());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext connection, Object event) {
    if (event instanceof IdleStateEvent && state != State.STORING) {
      NettyHelper.close(connection.channel());
    }
    connection.fireUserEventTriggered(event);
  }

  /** Failed handshakes, broken connections, and bytes that are no frame. */
  @Override
  public void exceptionCaught(ChannelHandlerContext connection, Throwable cause) {
    Throwable root = cause.getCause() == null ? cause : cause.getCause();
    LOG.atInfo()
        .addKeyValue("event", "lab.connection-broken")
        .addKeyValue("peer", peer(connection.channel().remoteAddress()))
        .addKeyValue("error", root.getClass().getName())
        .log("a connection for HL7 v2 broke; what was not answered is sent again by its lab");
    NettyHelper.close(connection.channel());
  }

  /** The other end's address, without its port. */
  static String peer(SocketAddress address) {
    return address instanceof InetSocketAddress peer
        ? peer.getAddress().getHostAddress()
        : "unknown";
  }
}
