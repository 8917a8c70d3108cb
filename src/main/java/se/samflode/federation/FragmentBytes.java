package se.samflode.federation;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.ehcache.spi.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import se.samflode.contract.AnswerReader.NextPage;
import se.samflode.contract.Cut;
import se.samflode.federation.Item.Text;

/**
 * Fragments outside the heap. Never leaves this process, so it has no versions. Times are kept to
 * the millisecond. Thread-safe.
 */
final class FragmentBytes implements Serializer<Fragment> {

  private static final long NO_TIME = Long.MIN_VALUE;

  @Override
  public ByteBuffer serialize(Fragment fragment) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(fragment.version());
      time(out, fragment.fetchedAt());
      time(out, fragment.notAfter());
      out.writeInt(fragment.rejected());
      out.writeInt(fragment.messages().size());
      for (String message : fragment.messages()) {
        text(out, message);
      }
      out.writeInt(fragment.nextPages().size());
      for (NextPage page : fragment.nextPages()) {
        text(out, page.address());
        text(out, page.reference());
        text(out, page.xml());
      }
      out.writeInt(fragment.items().size());
      for (Item item : fragment.items()) {
        item(out, item);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory took no bytes", e);
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private static void item(DataOutputStream out, Item item) throws IOException {
    text(out, item.id());
    out.writeBoolean(item.isHidden());
    time(out, item.sortTime());
    cutText(out, item.xml());
    Text json = item.json();
    out.writeBoolean(json != null);
    if (json != null) {
      cutText(out, json);
    }
  }

  private static void cutText(DataOutputStream out, Text text) throws IOException {
    out.writeInt(text.bytes().length);
    out.write(text.bytes());
    out.writeInt(text.momentary().size());
    for (Cut cut : text.momentary()) {
      out.writeInt(cut.from());
      out.writeInt(cut.to());
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void time(DataOutputStream out, @Nullable Instant time) throws IOException {
    out.writeLong(time == null ? NO_TIME : time.toEpochMilli());
  }

  @Override
  public Fragment read(ByteBuffer in) {
    long version = in.getLong();
    Instant fetchedAt = Instant.ofEpochMilli(in.getLong());
    Instant notAfter = time(in);
    int rejected = in.getInt();
    List<String> messages = new ArrayList<>();
    for (int i = in.getInt(); i > 0; i--) {
      messages.add(text(in));
    }
    List<NextPage> pages = new ArrayList<>();
    for (int i = in.getInt(); i > 0; i--) {
      pages.add(new NextPage(text(in), text(in), text(in)));
    }
    int items = in.getInt();
    List<Item> read = new ArrayList<>(items);
    for (int i = 0; i < items; i++) {
      read.add(item(in));
    }
    return new Fragment(version, fetchedAt, notAfter, read, rejected, messages, pages);
  }

  private static Item item(ByteBuffer in) {
    String id = text(in);
    boolean hidden = in.get() != 0;
    Instant sortTime = time(in);
    Text xml = Text.xml(bytes(in), cuts(in));
    Text json = in.get() == 0 ? null : Text.jsonCut(bytes(in), cuts(in));
    return new Item(id, json, hidden, sortTime, xml);
  }

  private static List<Cut> cuts(ByteBuffer in) {
    int count = in.getInt();
    List<Cut> cuts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      cuts.add(new Cut(in.getInt(), in.getInt()));
    }
    return cuts;
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }

  private static @Nullable Instant time(ByteBuffer in) {
    long millis = in.getLong();
    return millis == NO_TIME ? null : Instant.ofEpochMilli(millis);
  }

  @Override
  public boolean equals(Fragment fragment, ByteBuffer binary) {
    return serialize(fragment).equals(binary);
  }
}
