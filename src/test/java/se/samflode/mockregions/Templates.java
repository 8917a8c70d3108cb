package se.samflode.mockregions;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import wiremock.com.github.jknack.handlebars.EscapingStrategy;
import wiremock.com.github.jknack.handlebars.Handlebars;
import wiremock.com.github.jknack.handlebars.Template;
import wiremock.com.github.jknack.handlebars.io.FileTemplateLoader;

/** The answers' bodies in {@code templates/}, in the language that WireMock brings. Thread-safe. */
final class Templates {

  private final Handlebars handlebars =
      new Handlebars(
              new FileTemplateLoader(MockRegions.FOLDER.resolve("templates").toFile(), ".xml"))
          .with(EscapingStrategy.XML)
          .parentScopeResolution(false)
          .prettyPrint(true)
          .<String>registerHelper(
              "base64",
              (text, options) -> Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));

  /** The body of an answer of a contract. */
  Template of(String contract) {
    try {
      return handlebars.compile(contract.replace(' ', '-'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String fill(Template template, Map<String, Object> values) {
    try {
      return template.apply(values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
