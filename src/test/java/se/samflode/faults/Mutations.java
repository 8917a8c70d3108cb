package se.samflode.faults;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes hostile and clumsy requests out of good ones. The same seed gives the same requests. */
final class Mutations {

  /** A request as it goes over the wire. */
  record Request(ByteBuffer body, String contentType) {

    static Request in(Charset charset, String text, String contentType) {
      return new Request(ByteBuffer.wrap(text.getBytes(charset)), contentType);
    }

    /** The beginning of the body in Base64, since a log would not show its bytes. */
    @Override
    public String toString() {
      ByteBuffer first = body.slice(0, Math.min(body.capacity(), 6_000));
      return contentType
          + ", in Base64: "
          + StandardCharsets.ISO_8859_1.decode(Base64.getEncoder().encode(first));
    }
  }

  private static final Pattern TEXT = Pattern.compile(">([^<>]+)</");
  private static final Pattern ELEMENT = Pattern.compile("<(\\w+:\\w+)>[^<>]*</\\1>");
  private static final Pattern TAG = Pattern.compile("</?\\w+:\\w+[^>]*>");

  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          " x",
          "x ",
          "NA",
          "\u00a0",
          "\u2003x",
          "true",
          "maybe",
          "20261340250000",
          "20270230093000",
          "00000000000000",
          "2027011509300",
          "2027-01-15T09:30:00",
          "-1",
          "\u212b\u00e5\u0301\ud83d\ude00",
          "' OR 1=1 --",
          "\\x00\\",
          "{riv,\"x\"}",
          "NULL",
          "$1 :resident ?",
          "&#x9;&#10;x",
          "&#0;",
          "&#xFFFF;",
          "&unknown;",
          "<![CDATA[<x>]]>",
          "<c:x xmlns:c='urn:x'/>",
          "<!-- x -->y",
          "<?x y?>");

  private static final String DOCTYPE =
      """
      <!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">\
      <!ENTITY c SYSTEM "file:///etc/passwd">]>\
      """;

  private final Random random;

  Mutations(long seed) {
    this.random = new Random(seed);
  }

  /** One to three changes of a good envelope. */
  Request of(String envelope) {
    String text = envelope;
    for (int n = random.nextInt(3); n >= 0; n--) {
      text = changed(text);
    }
    return random.nextInt(4) == 0
        ? encoded(text)
        : Request.in(StandardCharsets.UTF_8, text, "text/xml; charset=UTF-8");
  }

  private String changed(String text) {
    return switch (random.nextInt(14)) {
      case 0, 1, 2 -> replaceOne(TEXT, text, ">" + value() + "</");
      case 3 -> replaceOne(TEXT, text, ">" + "x".repeat(random.nextInt(70_000)) + "</");
      case 4, 5 -> replaceOne(ELEMENT, text, "");
      case 6 -> {
        MatchResult element = one(ELEMENT, text);
        yield element == null ? text : insert(text, element.end(), element.group());
      }
      case 7 -> replaceOne(TAG, text, "");
      case 8 -> text.replace("urn:riv:itintegration:engagementindex", "urn:riv:x");
      case 9 -> insert(text, 0, random.nextBoolean() ? DOCTYPE : "<?xml version='1.1'?>");
      case 10 -> insert(text, afterTag(text), "<x>".repeat(random.nextInt(300)));
      case 11 -> insert(text, afterTag(text), "<x a='b' a='c'/>");
      case 12 -> text.replaceFirst(">", " " + attributes() + ">");
      default -> text.substring(0, random.nextInt(text.length() + 1));
    };
  }

  private String value() {
    return VALUES.get(random.nextInt(VALUES.size()));
  }

  private String attributes() {
    StringBuilder attributes = new StringBuilder();
    for (int n = random.nextInt(200); n >= 0; n--) {
      attributes.append("a").append(n).append("='x' ");
    }
    return attributes.toString();
  }

  private int afterTag(String text) {
    MatchResult tag = one(TAG, text);
    return tag == null ? 0 : tag.end();
  }

  private @Nullable MatchResult one(Pattern pattern, String text) {
    List<MatchResult> all = pattern.matcher(text).results().toList();
    return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
  }

  private String replaceOne(Pattern pattern, String text, String by) {
    MatchResult one = one(pattern, text);
    return one == null ? text : text.substring(0, one.start()) + by + text.substring(one.end());
  }

  private static String insert(String text, int at, String what) {
    return text.substring(0, at) + what + text.substring(at);
  }

  private Request encoded(String text) {
    return switch (random.nextInt(8)) {
      case 0 -> Request.in(StandardCharsets.UTF_16, text, "text/xml; charset=UTF-16");
      case 1 -> Request.in(StandardCharsets.UTF_16LE, text, "text/xml");
      case 2 -> Request.in(StandardCharsets.ISO_8859_1, text, "text/xml; charset=UTF-8");
      case 3 -> Request.in(StandardCharsets.ISO_8859_1, text, "text/xml; charset=ISO-8859-1");
      case 4 -> Request.in(StandardCharsets.UTF_8, text, "text/xml; charset=no-such-charset");
      case 5 -> Request.in(StandardCharsets.UTF_8, text, "application/json");
      case 6 -> flipped(text);
      default ->
          Request.in(
              StandardCharsets.UTF_8,
              "<?xml version='1.0' encoding='ISO-8859-1'?>" + text,
              "text/xml");
    };
  }

  private Request flipped(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0) {
      for (int n = random.nextInt(5); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
    }
    return new Request(ByteBuffer.wrap(bytes), "text/xml; charset=UTF-8");
  }
}
