package se.samflode.producer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Clock;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import se.samflode.config.ByteBudget;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;

/**
 * Route step: reads the answer while the connection is open. On every early exit the connection is
 * closed, since else the HTTP client reads the rest to keep it. Thread-safe.
 */
@Component("readAnswer")
final class ReadAnswer {

  private static final Logger LOG = LoggerFactory.getLogger(ReadAnswer.class);

  private final long fragmentLimit;
  private final ByteBudget budget;
  private final Clock clock;

  ReadAnswer(ProducerSettings settings, ByteBudget budget, Clock clock) {
    this.clock = clock;
    this.fragmentLimit = settings.fragmentLimit().toBytes();
    this.budget = budget;
  }

  @Handler
  void read(Exchange exchange) throws SourceFailed, CallFailure.ByStatus, IOException {
    int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, int.class);
    boolean read = false;
    InputStream in = exchange.getMessage().getBody(InputStream.class);
    try {
      // SOAP 1.1 sends a fault with 500; any other failure says nothing that we could show.
      if (status != 200 && status != 500) {
        heedRetryAfter(exchange, status);
        throw new SourceFailed(Reason.HTTP_ERROR);
      }
      if (in == null) {
        throw new SourceFailed(status == 200 ? Reason.MALFORMED : Reason.HTTP_ERROR);
      }
      read(exchange, in, status);
      read = true;
    } catch (SourceFailed e) {
      if (status == 200) {
        throw e;
      }
      throw new CallFailure.ByStatus(e);
    } finally {
      if (!read && CallHandle.CURRENT.isBound()) {
        CallHandle.CURRENT.get().cutConnection();
      }
      // What the answer's reader took is all that goes on; nobody after us may touch the stream.
      exchange.getMessage().setBody(null);
    }
  }

  private void heedRetryAfter(Exchange exchange, int status) {
    if (status != 429 && status != 503) {
      return;
    }
    Instant now = clock.instant();
    RetryAfter.parse(exchange.getMessage().getHeader("Retry-After", String.class), now)
        .ifPresent(wait -> {
          ProducerCall call = ProducerCall.of(exchange);
          if (call.live().quiet(now, now.plus(wait))) {
            LOG.atWarn()
                .addKeyValue("event", "producer.asked-to-wait")
                .addKeyValue("correlationId", call.request().correlationId())
                .addKeyValue("producer", call.live().id())
                .addKeyValue("seconds", wait.toSeconds())
                .log("a producer wants no calls for a while, and gets none");
          }
        });
  }

  private void read(Exchange exchange, InputStream in, int status)
      throws SourceFailed, IOException {
    ProducerCall call = ProducerCall.of(exchange);
    @Nullable Integer own = call.request().contract().limits().answerMegabytes();
    long limit = own == null ? fragmentLimit : DataSize.ofMegabytes(own).toBytes();
    AnswerBody body = new AnswerBody(in, limit, budget);
    try {
      Charset charset =
          charset(exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, String.class));
      call.consumer().read(body, charset);
    } catch (AnswerBody.Exceeded e) {
      throw new SourceFailed(e.reason());
    } catch (SourceFailed e) {
      throw status == 500 && e.reason() != Reason.FAULT && e.reason() != Reason.LIMITED
          ? new SourceFailed(Reason.HTTP_ERROR)
          : e;
    } finally {
      body.release();
    }
    if (status == 500) {
      throw new SourceFailed(Reason.HTTP_ERROR);
    }
  }

  private static @Nullable Charset charset(@Nullable String contentType) throws SourceFailed {
    try {
      ContentType type = contentType == null ? null : ContentType.parse(contentType);
      return type == null ? null : type.getCharset();
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new SourceFailed(Reason.MALFORMED);
    }
  }
}
