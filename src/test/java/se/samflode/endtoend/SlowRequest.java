package se.samflode.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;

/** A POST whose body comes in two halves, the second one when it is told to. For one thread. */
final class SlowRequest implements AutoCloseable {

  private static final int PATIENCE_MS = 20_000;

  private final Socket socket;
  private final byte[] rest;

  /** Sends the headers and the first half. */
  SlowRequest(int port, String path, Map<String, String> headers, String body) {
    byte[] bytes = body.getBytes(UTF_8);
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Connection: close\r\nContent-Length: " + bytes.length + "\r\n\r\n");
    this.rest = Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length);
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write(head.toString().getBytes(UTF_8));
      socket.getOutputStream().write(bytes, 0, bytes.length / 2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends the second half, and gives the whole answer. */
  String end() {
    send(rest.length);
    return answer();
  }

  /** Sends one more byte. */
  void drip() {
    send(1);
  }

  private void send(int bytes) {
    try {
      socket.getOutputStream().write(rest, 0, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends nothing more, and gives the whole answer. */
  String answer() {
    try {
      // Else the other side waits for the rest before it closes the connection.
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
