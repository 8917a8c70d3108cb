package se.samflode.lab;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HexFormat;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.apache.camel.component.netty.NettyConstants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import se.samflode.access.Sender;
import se.samflode.access.Senders;
import se.samflode.index.IndexUnavailable;

/**
 * Route step: takes one message of HL7 v2 and makes its acknowledgement. The sender is looked up
 * for each message, so that one who is taken off the list is refused on open connections too.
 * Thread-safe.
 */
@Component("takeHl7Results")
final class MllpResults {

  private static final Logger LOG = LoggerFactory.getLogger(MllpResults.class);

  private final LabIntake intake;
  private final Senders senders;
  private final MllpSettings settings;
  private final Clock clock;

  MllpResults(LabIntake intake, Senders senders, MllpSettings settings, Clock clock) {
    this.intake = intake;
    this.senders = senders;
    this.settings = settings;
    this.clock = clock;
  }

  /** Replaces the message, bytes, by its acknowledgement, bytes. */
  @Handler
  void take(Exchange exchange) {
    Message message = exchange.getMessage();
    byte[] content = message.getBody(byte[].class);
    Channel connection =
        message
            .getHeader(NettyConstants.NETTY_CHANNEL_HANDLER_CONTEXT, ChannelHandlerContext.class)
            .channel();
    Hl7Ack ack = new Hl7Ack(Hl7Header.of(content), clock);
    X509Certificate certificate = certificate(connection);
    Sender sender = sender(certificate);
    if (sender == null) {
      refused(connection, certificate);
      message.setHeader(NettyConstants.NETTY_CLOSE_CHANNEL_WHEN_COMPLETE, true);
      message.setBody(ack.ofUnknownSender());
    } else {
      message.setBody(taken(sender, content, ack));
    }
  }

  private byte[] taken(Sender sender, byte[] content, Hl7Ack ack) {
    try {
      return ack.of(
          intake.take(new Delivery(sender, Delivery.Way.MLLP, Delivery.Format.HL7_V2, content)));
    } catch (IndexUnavailable e) {
      e.log(LOG, "mllp");
      return ack.sendAgain();
    }
  }

  private @Nullable Sender sender(@Nullable X509Certificate certificate) {
    if (certificate != null) {
      return senders.byCertificate(certificate.getSubjectX500Principal()).orElse(null);
    }
    String plain = settings.plainSender();
    return plain == null ? null : senders.byId(plain).orElse(null);
  }

  /** The client's; {@code null} without TLS. */
  private static @Nullable X509Certificate certificate(Channel connection) {
    SslHandler tls = connection.pipeline().get(SslHandler.class);
    if (tls == null) {
      return null;
    }
    try {
      Certificate first = tls.engine().getSession().getPeerCertificates()[0];
      return (X509Certificate) first;
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException("no connection is made without a client certificate", e);
    }
  }

  private static void refused(Channel connection, @Nullable X509Certificate certificate) {
    LOG.atWarn()
        .addKeyValue("event", "lab.sender-unknown")
        .addKeyValue("peer", MllpTurns.peer(connection.remoteAddress()))
        .addKeyValue("certificate", certificate == null ? "none" : fingerprint(certificate))
        .log("a trusted certificate stands for no sender; its message was refused");
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of().formatHex(LabStore.sha256(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read cannot be written", e);
    }
  }
}
