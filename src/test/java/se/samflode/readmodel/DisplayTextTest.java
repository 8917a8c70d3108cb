package se.samflode.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisplayTextTest {

  @Test
  void keepsPlainTextAsItIs() {
    // given
    String text = "Återbesök hos Åsa Öberg 👩🏽‍⚕️\n\nTa med \"legitimation\" & kort.";

    // when
    String shown = DisplayText.clean(text);

    // then
    assertThat(shown).isEqualTo(text);
  }

  @Test
  void tidiesLineEndsSpacesAndControls() {
    // given
    String text =
        " \u0000a\u0007\tb\u00a0c\r\nd\re \u2028f\u202e\u2066\ufeff\u0085\n\n\n\ng\ud800 \n ";

    // when
    String shown = DisplayText.clean(text);

    // then
    assertThat(shown).isEqualTo("a b c\nd\ne\nf\n\ng");
  }

  @Test
  void takesALongRunOfSpacesInItsStride() {
    // given
    String spaces = " ".repeat(1_000_000);

    // when
    String shown = DisplayText.clean("a" + spaces + "\nb" + spaces + "c");

    // then
    assertThat(shown).isEqualTo("a\nb…");
  }

  @ParameterizedTest(name = "text {index}")
  @ValueSource(strings = {"", " \t\r\n", "\u00a0", "<para> </para>", "\u0000"})
  void showsNothingForNothing(String text) {
    // when
    String shown = DisplayText.clean(text);

    // then
    assertThat(shown).isEmpty();
  }

  @Test
  void cutsLongTextsAtTheLimitWithAnEllipsis() {
    // given
    String atTheLimit = "å".repeat(DisplayText.MAX_LENGTH);

    // when
    String whole = DisplayText.clean(atTheLimit);
    String cut = DisplayText.clean(atTheLimit + "å");

    // then
    assertThat(whole).isEqualTo(atTheLimit);
    assertThat(cut).hasSize(DisplayText.MAX_LENGTH).endsWith("å…");
  }

  @Test
  void neverCutsACharacterInTwo() {
    // given
    String text = "a".repeat(DisplayText.MAX_LENGTH - 2) + "👩👩";

    // when
    String shown = DisplayText.clean(text);

    // then
    assertThat(shown).isEqualTo("a".repeat(DisplayText.MAX_LENGTH - 2) + "…");
  }

  @Test
  void writesDocBookAsLines() {
    // given
    String docBook =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <section xmlns="http://docbook.org/ns/docbook"><title>Inför
          besöket</title>
        <para>Kom <emphasis>fastande</emphasis>, tack.</para>
        <orderedlist><listitem><para>Ät inget</para><para>Drick vatten</para></listitem>
        <listitem>Vila<itemizedlist><listitem>länge</listitem><listitem/></itemizedlist></listitem>
        </orderedlist><literallayout>Måndag  8-12
        Tisdag  9-13</literallayout>
        <para>Välkommen!</para></section>
        """;

    // when
    String shown = DisplayText.clean(docBook);

    // then
    assertThat(shown)
        .isEqualTo(
            """
            Inför besöket
            Kom fastande, tack.
            - Ät inget
            Drick vatten
            - Vila
            - länge
            Måndag  8-12
            Tisdag  9-13
            Välkommen!\
            """);
  }

  @Test
  void keepsTheAddressOfALink() {
    // given
    String docBook =
        """
        <para>Boka <ulink url="https://a.example/?x=1&amp;y=2">här</ulink> eller \
        <link xlink:href="https://b.example">där</link>, \
        <ulink url="https://c.example"/>, \
        <ulink url="https://d.example">https://d.example</ulink>.</para>\
        """;

    // when
    String shown = DisplayText.clean(docBook);

    // then
    assertThat(shown)
        .isEqualTo(
            "Boka här (https://a.example/?x=1&y=2) eller där (https://b.example),"
                + " https://c.example, https://d.example.");
  }

  @Test
  void takesTextBesideDocBookElementsAndSeveralOuterOnes() {
    // when
    String shown = DisplayText.clean("Hej!<para>ett</para><para>två <foo>tre</foo></para>");

    // then
    assertThat(shown).isEqualTo("Hej!\nett\ntvå\ntre");
  }

  @Test
  void keepsEntitiesItDoesNotKnowAsWritten() {
    // when
    String shown = DisplayText.clean("<para>l&auml;kare &#229; &lt;b&gt;</para>");

    // then
    assertThat(shown).isEqualTo("l&auml;kare å <b>");
  }

  @ParameterizedTest(name = "text {index}")
  @ValueSource(
      strings = {
        "Blodtryck <120 och puls >60",
        "<b>fet</b> text",
        "<p>Hej</p><script>alert(1)</script>",
        "<para>inte slut",
        "<para>a</para></fragment><fragment>",
        "</fragment><para>a</para><fragment>",
        "</fragment>",
        "<para>a</para><b>c</b>",
        "<!-- bara en kommentar -->",
        "<x:para>prefix</x:para>",
        "<para a=\"&x;\">a</para>",
        "<!DOCTYPE article [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><article>&x;</article>",
        "<a href=\"javascript:alert(1)\">klicka</a>"
      })
  void showsEverythingElseWithItsTags(String text) {
    // when
    String shown = DisplayText.clean(text);

    // then
    assertThat(shown).isEqualTo(text);
  }

  @Test
  void showsMarkupThatIsTooDeepWithItsTags() {
    // given
    String text = "<para>".repeat(60) + "a" + "</para>".repeat(60);

    // when
    String shown = DisplayText.clean(text);

    // then
    assertThat(shown).isEqualTo(text);
  }

  @Test
  void showsMarkupThatIsTooLongWithItsTagsAndCut() {
    // given
    String text = "<para>" + "a".repeat(70_000) + "</para>";

    // when
    String shown = DisplayText.clean(text);

    // then
    assertThat(shown).startsWith("<para>a").endsWith("a…").hasSize(DisplayText.MAX_LENGTH);
  }
}
