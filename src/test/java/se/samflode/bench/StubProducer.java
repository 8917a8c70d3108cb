package se.samflode.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import se.samflode.bench.HttpMessages.Message;

/**
 * Every producer of GetLaboratoryOrderOutcome 3, as a process of its own: bytes made once, into
 * which the resident asked for is written. The last part of a path is the producer's address, which
 * tells how many items it has: {@code SE5565594230-<items>-<any>}.
 */
public final class StubProducer {

  private static final String RESIDENT = "resident-id.";
  private static final Pattern ITEMS = Pattern.compile("/SE5565594230-(\\d+)-[A-Z0-9]+ ");
  private static final Pattern ASKED = Pattern.compile("[:<]id>([^<]{12})<");

  private final Map<String, Prepared> prepared = new ConcurrentHashMap<>();

  private StubProducer() {}

  /** A whole response, and where in it the resident stands. */
  private static final class Prepared {

    private final byte[] bytes;
    private final int[] places;

    Prepared(String response) {
      bytes = response.getBytes(UTF_8);
      String latin = new String(bytes, ISO_8859_1);
      places =
          Pattern.compile(RESIDENT, Pattern.LITERAL)
              .matcher(latin)
              .results()
              .mapToInt(MatchResult::start)
              .toArray();
    }

    byte[] about(byte[] resident) {
      byte[] response = bytes.clone();
      for (int place : places) {
        System.arraycopy(resident, 0, response, place, resident.length);
      }
      return response;
    }
  }

  /** Serves until the process is ended; prints its port. */
  public static void main(String[] args) throws IOException {
    StubProducer stub = new StubProducer();
    try (ServerSocket server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress())) {
      System.out.println("port " + server.getLocalPort());
      while (true) {
        Socket connection = server.accept();
        connection.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> stub.serve(connection));
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      HttpMessages in = new HttpMessages(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      for (Message asked = in.next(); asked != null; asked = in.next()) {
        Matcher resident = ASKED.matcher(asked.body());
        if (!resident.find()) {
          throw new IOException("a request about nobody");
        }
        out.write(
            prepared
                .computeIfAbsent(asked.start(), StubProducer::prepare)
                .about(resident.group(1).getBytes(ISO_8859_1)));
      }
    } catch (IOException e) {
      // The other side has gone; it tells of it if that was wrong.
    }
  }

  private static Prepared prepare(String start) {
    Matcher items = ITEMS.matcher(start);
    if (!items.find()) {
      throw new IllegalArgumentException("a path without a number of items");
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(LabAnswer.text(Integer.parseInt(items.group(1)), RESIDENT).getBytes(UTF_8));
    return new Prepared(
        """
        HTTP/1.1 200 OK\r
        Content-Type: text/xml; charset=UTF-8\r
        Content-Length: %d\r
        \r
        %s\
        """
            .formatted(body.size(), body.toString(UTF_8)));
  }
}
