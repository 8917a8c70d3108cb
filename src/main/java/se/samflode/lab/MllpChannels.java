package se.samflode.lab;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.camel.component.hl7.HL7MLLPNettyDecoderFactory;
import org.apache.camel.component.hl7.HL7MLLPNettyEncoderFactory;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.NettyHelper;
import org.apache.camel.component.netty.ServerInitializerFactory;
import org.apache.camel.component.netty.handlers.ServerChannelHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import se.samflode.config.ByteBudget;

/**
 * What each connection for HL7 v2 goes through, from the network to the route: TLS with a client
 * certificate, a limit of idleness, one of length, MLLP frames as bytes, one message at a time. The
 * route names it. Thread-safe.
 */
@Sharable
final class MllpChannels extends ServerInitializerFactory {

  private static final Logger LOG = LoggerFactory.getLogger(MllpChannels.class);

  private final @Nullable SSLContext tls;
  private final MllpSettings settings;
  private final int longestFrame;
  private final HL7MLLPNettyDecoderFactory decoders = new HL7MLLPNettyDecoderFactory();
  private final HL7MLLPNettyEncoderFactory encoders = new HL7MLLPNettyEncoderFactory();
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ByteBudget memory;
  private final AtomicBoolean full = new AtomicBoolean();
  private volatile boolean stopping;
  private volatile @Nullable NettyConsumer consumer;

  /**
   * @param tls {@code null}: without TLS
   * @param largestMessage bytes; what is longer reaches the route one byte longer than that
   */
  MllpChannels(
      @Nullable SSLContext tls, MllpSettings settings, int largestMessage, MeterRegistry metrics) {
    this.tls = tls;
    this.settings = settings;
    this.memory = new ByteBudget(settings.memory().toBytes());
    Gauge.builder("samflode.lab.mllp.connections", open, ChannelGroup::size)
        .description("Open connections for HL7 v2")
        .register(metrics);
    Gauge.builder("samflode.lab.mllp.size", memory, ByteBudget::used)
        .description("What they hold of messages until they are answered")
        .baseUnit("bytes")
        .register(metrics);
    // With the byte that begins a frame, and one that shows it to be too long.
    this.longestFrame = largestMessage + 2;
    // A message says in itself how its bytes are to be read.
    decoders.setProduceString(false);
    decoders.setConvertLFtoCR(false);
  }

  @Override
  public ServerInitializerFactory createPipelineFactory(NettyConsumer of) {
    consumer = of;
    return this;
  }

  @Override
  protected void initChannel(Channel connection) {
    NettyConsumer route = consumer;
    if (route == null || stopping || isFull(connection)) {
      NettyHelper.close(connection);
      return;
    }
    open.add(connection);
    // Nothing is read before what came is answered.
    connection.config().setAutoRead(false);
    ChannelPipeline pipeline = connection.pipeline();
    if (tls != null) {
      SSLEngine engine = tls.createSSLEngine();
      engine.setUseClientMode(false);
      engine.setNeedClientAuth(true);
      pipeline.addLast(new SslHandler(engine));
    }
    pipeline.addLast(new IdleStateHandler(0, 0, settings.idle().toMillis(), TimeUnit.MILLISECONDS));
    pipeline.addLast(new MllpFrames(longestFrame, memory));
    pipeline.addLast(decoders.newChannelHandler());
    pipeline.addLast(encoders.newChannelHandler());
    pipeline.addLast(new MllpTurns());
    pipeline.addLast(new ServerChannelHandler(route));
  }

  private boolean isFull(Channel connection) {
    boolean is = open.size() >= settings.connections();
    if (full.getAndSet(is) || !is) {
      return is;
    }
    LOG.atWarn()
        .addKeyValue("event", "lab.connections-full")
        .addKeyValue("peer", MllpTurns.peer(connection.remoteAddress()))
        .addKeyValue("connections", settings.connections())
        .log("more connections for HL7 v2 than samflode.lab.mllp.connections; new ones are closed");
    return true;
  }

  /**
   * Takes nothing more, lets every message that is being stored get its answer, and closes all
   * connections.
   *
   * @param patience for the answers
   */
  void stop(Duration patience) {
    stopping = true;
    for (Channel connection : open) {
      ChannelHandlerContext turns = connection.pipeline().context(MllpTurns.class);
      if (turns == null) {
        NettyHelper.close(connection);
      } else {
        turns.executor().execute(() -> ((MllpTurns) turns.handler()).stop(turns));
      }
    }
    open.newCloseFuture().awaitUninterruptibly(patience.toMillis());
  }
}
