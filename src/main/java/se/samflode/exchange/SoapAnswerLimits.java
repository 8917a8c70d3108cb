package se.samflode.exchange;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.cxf.interceptor.Fault;
import org.apache.cxf.message.Message;
import org.apache.cxf.phase.AbstractPhaseInterceptor;
import org.apache.cxf.phase.Phase;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;
import se.samflode.contract.Xml;

/** Reads a peer's answer whole, bounded, and by our hardened parser. Stateless, thread-safe. */
final class SoapAnswerLimits extends AbstractPhaseInterceptor<Message> {

  /** Largest answer, bytes. */
  static final int MAX_BYTES = 10 * 1024 * 1024;

  private static final int OK = 200;
  private static final int FAULT = 500;
  private static final Pattern CHARSET =
      Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\\s;\"]+)");

  SoapAnswerLimits() {
    super(Phase.RECEIVE);
  }

  @Override
  public void handleMessage(Message message) {
    Object status = message.get(Message.RESPONSE_CODE);
    boolean fault = Integer.valueOf(FAULT).equals(status);
    if (!fault && !Integer.valueOf(OK).equals(status)) {
      throw failed(Reason.HTTP_ERROR);
    }
    try {
      byte[] answer = bounded(message.getContent(InputStream.class));
      XMLStreamReader xml =
          Xml.atRoot(new ByteArrayInputStream(answer), charset(message.get(Message.CONTENT_TYPE)));
      if (!Xml.at(xml, Xml.SOAP, "Envelope")) {
        throw new XMLStreamException("not a SOAP envelope");
      }
      message.setContent(InputStream.class, new ByteArrayInputStream(answer));
      message.setContent(XMLStreamReader.class, xml);
      message.put(Message.ENCODING, StandardCharsets.UTF_8.name());
    } catch (XMLStreamException e) {
      throw failed(fault ? Reason.HTTP_ERROR : Reason.MALFORMED);
    } catch (IOException e) {
      throw new Fault(e);
    }
  }

  private static byte[] bounded(@Nullable InputStream in) throws IOException {
    if (in == null) {
      return new byte[0];
    }
    byte[] answer = in.readNBytes(MAX_BYTES + 1);
    if (answer.length > MAX_BYTES) {
      throw failed(Reason.TOO_LARGE);
    }
    return answer;
  }

  private static @Nullable Charset charset(@Nullable Object contentType) throws XMLStreamException {
    Matcher named = CHARSET.matcher(contentType == null ? "" : contentType.toString());
    try {
      return named.find() ? Charset.forName(named.group(1)) : null;
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new XMLStreamException("an unknown charset", e);
    }
  }

  private static Fault failed(Reason reason) {
    return new Fault(new SourceFailed(reason));
  }

  /** Refuses an answer that says by its status that it is a fault, and is none. */
  static final class RefuseFailure extends AbstractPhaseInterceptor<Message> {

    RefuseFailure() {
      // A fault does not come so far.
      super(Phase.PRE_INVOKE);
    }

    @Override
    public void handleMessage(Message message) {
      if (!Integer.valueOf(OK).equals(message.get(Message.RESPONSE_CODE))) {
        throw failed(Reason.HTTP_ERROR);
      }
    }
  }

  /** Puts a code in the place of a peer's fault, whose text is untrusted. */
  static final class DropFault extends AbstractPhaseInterceptor<Message> {

    DropFault() {
      // After all that makes an exception of the fault.
      super(Phase.POST_INVOKE);
    }

    @Override
    public void handleMessage(Message message) {
      message.setContent(Exception.class, new SourceFailed(Reason.FAULT));
    }
  }
}
