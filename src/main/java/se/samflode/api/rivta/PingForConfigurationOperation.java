package se.samflode.api.rivta;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.xml.stream.XMLStreamException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;
import se.samflode.contract.Interaction;
import se.samflode.contract.Xml;

/**
 * PingForConfiguration 1.0: that we answer, in which version, and since when we run. Asks nothing
 * of the database or of a region. Source: itintegration:monitoring 1.0.
 */
@Component
final class PingForConfigurationOperation implements SoapOperation {

  private static final Interaction INTERACTION =
      new Interaction("itintegration:monitoring", "PingForConfiguration", 1, 0);

  private static final DateTimeFormatter LOCAL_TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withZone(ZoneId.of("Europe/Stockholm"));

  private final Clock clock;
  private final String version;
  private final Instant started;

  PingForConfigurationOperation(
      ObjectProvider<Clock> clock, ObjectProvider<BuildProperties> build) {
    this.clock = clock.getIfAvailable(Clock::systemUTC);
    this.version = version(build::getIfAvailable);
    this.started = this.clock.instant();
  }

  @Override
  public Interaction interaction() {
    return INTERACTION;
  }

  @Override
  public List<String> mandatoryHeaders() {
    return List.of();
  }

  @Override
  public SoapAnswer answer(SoapRequest request) {
    request.read(xml -> {
      Xml.skip(xml);
      return true;
    });
    String namespace = INTERACTION.namespace();
    try {
      return new AnswerWriter(INTERACTION)
          .text(namespace, "version", version)
          .text(namespace, "pingDateTime", LOCAL_TIME.format(clock.instant()))
          .start(namespace, "configuration")
          .text(namespace, "name", "started")
          .text(namespace, "value", LOCAL_TIME.format(started))
          .end()
          .answer();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("an answer in memory cannot be written", e);
    }
  }

  private static String version(Supplier<? extends BuildProperties> build) {
    BuildProperties properties = build.get();
    String built =
        properties != null
            ? properties.getVersion()
            : PingForConfigurationOperation.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(built, "unreleased");
  }
}
