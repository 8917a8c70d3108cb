package se.samflode.federation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ehcache.spi.serialization.Serializer;
import se.samflode.contract.Actor;
import se.samflode.identity.LogicalAddress;

/**
 * Which fragment: everything that may shape a producer's answer, as SHA-256 over fields that each
 * have their length in front, so that no two questions give the same bytes. The version is no part
 * of it, nor is who asks, but for a producer that answers differently per consumer. Immutable.
 */
record FragmentKey(long first, long second, long third, long fourth) {

  private static final int BYTES = 4 * Long.BYTES;

  /** The fragment that a call brings. */
  static FragmentKey of(RemoteSource.Call call) {
    Question question = call.question();
    Actor actor = question.actor();
    LogicalAddress address = call.hit().address();
    Fields fields = new Fields();
    fields.add(call.producer().id());
    fields.add(call.producer().url().toString());
    fields.add(call.producer().validation(call.contract()).name());
    fields.add(call.contract().name());
    fields.add(address.value());
    fields.add(call.hit().person().value());
    fields.add(call.request().filledIn(address, call.hit().person(), null));
    fields.add(
        call.producer().perConsumer()
            ? question.headers().getOrDefault(Question.ORIGINAL_CONSUMER, "")
            : "");
    fields.add(call.followsPages() ? "all pages" : "first page");
    // Items of other units are left out of the fragment, also where the request does not say so.
    new TreeSet<>(question.wanted().only().careUnits()).forEach(unit -> fields.add("unit " + unit));
    fields.add("tree of units " + call.unitTree());
    fields.add(actor == null ? "" : actor.actorType());
    fields.add(actor == null ? "" : actor.actorId());
    for (Map.Entry<String, String> header : new TreeMap<>(question.shaping()).entrySet()) {
      fields.add(header.getKey());
      fields.add(header.getValue());
    }
    return read(ByteBuffer.wrap(fields.digest()));
  }

  private static FragmentKey read(ByteBuffer bytes) {
    return new FragmentKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }

  /** The fields, each with its length in front. */
  private static final class Fields {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);

    void add(String field) {
      add(field.getBytes(StandardCharsets.UTF_8));
    }

    void add(byte[] field) {
      for (int shift = 24; shift >= 0; shift -= 8) {
        bytes.write(field.length >>> shift);
      }
      bytes.writeBytes(field);
    }

    byte[] digest() {
      try {
        return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
  }

  /** Keys outside the heap: 32 bytes. Thread-safe. */
  static final class Bytes implements Serializer<FragmentKey> {

    @Override
    public ByteBuffer serialize(FragmentKey key) {
      return ByteBuffer.allocate(BYTES)
          .putLong(key.first)
          .putLong(key.second)
          .putLong(key.third)
          .putLong(key.fourth)
          .flip();
    }

    @Override
    public FragmentKey read(ByteBuffer binary) {
      return FragmentKey.read(binary);
    }

    @Override
    public boolean equals(FragmentKey key, ByteBuffer binary) {
      return key.equals(read(binary));
    }
  }
}
