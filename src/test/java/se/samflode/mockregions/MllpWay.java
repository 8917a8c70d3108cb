package se.samflode.mockregions;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** HL7 v2 over MLLP without TLS, one message at a time on each connection. Thread-safe. */
public final class MllpWay implements LabWay {

  private static final int START = 0x0B;
  private static final int END = 0x1C;
  private static final int RETURN = 0x0D;

  private final List<InetSocketAddress> nodes;
  private final String sourceSystem;
  private final AtomicInteger next = new AtomicInteger();
  private final Queue<Socket> idle = new ConcurrentLinkedQueue<>();

  /**
   * @param nodes where they listen, 1 or more
   */
  public MllpWay(List<InetSocketAddress> nodes, String sourceSystem) {
    this.nodes = List.copyOf(nodes);
    this.sourceSystem = sourceSystem;
  }

  @Override
  public String name() {
    return "HL7 v2 over MLLP";
  }

  @Override
  public boolean push(LabSample sample) throws IOException {
    Socket socket = connected();
    boolean good = false;
    try {
      String id = UUID.randomUUID().toString().substring(0, 18);
      byte[] message = sample.hl7(sourceSystem, id).getBytes(StandardCharsets.UTF_8);
      ByteArrayOutputStream frame = new ByteArrayOutputStream(message.length + 3);
      frame.write(START);
      frame.writeBytes(message);
      frame.write(END);
      frame.write(RETURN);
      socket.getOutputStream().write(frame.toByteArray());
      socket.getOutputStream().flush();
      String answer = answer(socket);
      good = true;
      if (answer.contains("\rMSA|AA|" + id)) {
        return true;
      }
      if (answer.contains("|207^")) {
        throw new IOException("asked to send it again");
      }
      return false;
    } finally {
      if (good) {
        idle.add(socket);
      } else {
        socket.close();
      }
    }
  }

  private Socket connected() throws IOException {
    @Nullable Socket waiting = idle.poll();
    if (waiting != null) {
      return waiting;
    }
    Socket socket = new Socket();
    socket.connect(nodes.get(Math.floorMod(next.getAndIncrement(), nodes.size())), 2_000);
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static String answer(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    int b = in.read();
    while (b != END) {
      if (b < 0) {
        throw new IOException("closed without an answer");
      }
      if (b != START) {
        answer.write(b);
      }
      b = in.read();
    }
    int end = in.read();
    return end == RETURN ? answer.toString(StandardCharsets.UTF_8) : "";
  }

  @Override
  public void close() {
    Socket socket = idle.poll();
    while (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      socket = idle.poll();
    }
  }
}
