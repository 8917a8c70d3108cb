package se.samflode.mockregions;

import java.util.List;
import java.util.random.RandomGenerator;

/** Swedish texts of made-up bookings. */
final class Texts {

  record Care(String id, String name, List<String> performers) {}

  private static final List<Care> CARES =
      List.of(
          new Care("LAK", "Läkarbesök", List.of("Åsa Öberg, överläkare", "Göran Åkesson, läkare")),
          new Care("SSK", "Besök hos sjuksköterska", List.of("Märta Sjöström, sjuksköterska")),
          new Care("FYS", "Träning hos fysioterapeut", List.of("Örjan Näslund, fysioterapeut")),
          new Care("PSY", "Samtal på psykologmottagning", List.of("Stina Blåberg, psykolog")),
          new Care("PRV", "Provtagning på lab", List.of("Pär Häggström, biomedicinsk analytiker")));

  private static final List<String> PURPOSES =
      List.of(
          "Ta med din läkemedelslista och en giltig legitimation. Anmäl dig i receptionen.",
          "Ät och drick som vanligt före besöket. Kom gärna tio minuter före utsatt tid.",
          "Du ska vara fastande från midnatt. Vatten går bra att dricka på morgonen.",
          "Vi följer upp ditt blodtryck & din träning; skriv upp värden < 14 dagar bakåt.",
          "Har du förhinder? Avboka senast 24 timmar före, annars tar vi ut en avgift på 400 kr.");

  private static final List<String> REASONS =
      List.of(
          "Återbesök efter behandling",
          "Årlig kontroll av blodtrycket på mottagningen",
          "Besvär från höger knä när du går i trappor",
          "Uppföljning av högt blodsocker",
          "Nya glasögon: synundersökning före körkortsprov");

  private Texts() {}

  static Care care(RandomGenerator random) {
    return pick(CARES, random);
  }

  static String purpose(RandomGenerator random) {
    return sometimesDocBook("Inför besöket på mottagningen", pick(PURPOSES, random), random);
  }

  static String reason(RandomGenerator random) {
    return sometimesDocBook("Därför är du välkommen", pick(REASONS, random), random);
  }

  static <T> T pick(List<T> of, RandomGenerator random) {
    return of.get(random.nextInt(of.size()));
  }

  private static String sometimesDocBook(String title, String text, RandomGenerator random) {
    if (random.nextInt(4) > 0) {
      return text;
    }
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    return "<article xmlns=\"http://docbook.org/ns/docbook\" version=\"5.0\"><title>"
        + title
        + "</title><para>"
        + escaped
        + "</para><itemizedlist><listitem><para>Frågor? Ring oss på vardagar.</para></listitem>"
        + "</itemizedlist></article>";
  }
}
