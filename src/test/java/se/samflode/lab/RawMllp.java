package se.samflode.lab;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/** One connection of a laboratory, byte by byte. */
final class RawMllp implements AutoCloseable {

  private static final byte START = 0x0B;
  private static final byte END = 0x1C;

  private final Socket socket;
  private final InputStream in;

  RawMllp(SSLContext tls, int port) throws IOException {
    this(tls.getSocketFactory(), port);
  }

  /** Without TLS. */
  RawMllp(int port) throws IOException {
    this(SocketFactory.getDefault(), port);
  }

  private RawMllp(SocketFactory sockets, int port) throws IOException {
    socket = sockets.createSocket("127.0.0.1", port);
    socket.setSoTimeout(30_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static byte[] framed(byte[] message) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(START);
    frame.writeBytes(message);
    frame.write(END);
    frame.write('\r');
    return frame.toByteArray();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** The next acknowledgement; empty if the connection is closed instead. */
  String answer() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    int read = in.read();
    while (read >= 0 && read != END) {
      if (read != START) {
        message.write(read);
      }
      read = in.read();
    }
    if (read == END) {
      in.read();
    }
    return message.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the other end has closed it; waits for that. */
  boolean isClosed() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
