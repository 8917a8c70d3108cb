package se.samflode.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log as the packaged settings make it. */
@ExtendWith(OutputCaptureExtension.class)
class LogTest {

  @Configuration(proxyBeanMethods = false)
  static class Nothing {}

  @BeforeEach
  @AfterEach
  void beginAnew() {
    LoggingSystem.get(LogTest.class.getClassLoader()).cleanUp();
    // Spring Boot keeps them, and would use them again.
    System.clearProperty("CONSOLE_LOG_STRUCTURED_FORMAT");
    System.clearProperty("CONSOLE_LOG_PATTERN");
  }

  @Test
  void writesKeysAsFieldsOfJsonWhenAskedTo(CapturedOutput output) {
    // given
    start("--logging.structured.format.console=ecs");

    // when
    LoggerFactory.getLogger("se.samflode.SomeClass")
        .atWarn()
        .addKeyValue("event", "test.happened")
        .addKeyValue("rules", Map.of("clinic", 2))
        .log("something happened");

    // then
    String line =
        output.getAll().lines().filter(l -> l.contains("test.happened")).findFirst().orElseThrow();
    JsonNode json = JsonMapper.shared().readTree(line);
    assertThat(json.path("event").asString()).isEqualTo("test.happened");
    assertThat(json.path("rules").path("clinic").asInt()).isEqualTo(2);
    assertThat(json.path("message").asString()).isEqualTo("something happened");
    assertThat(json.path("log").path("level").asString()).isEqualTo("WARN");
    assertThat(json.path("@timestamp").asString()).isNotEmpty();
  }

  @Test
  void writesKeysBehindTheMessageAsText(CapturedOutput output) {
    // given
    start();

    // when
    LoggerFactory.getLogger("se.samflode.SomeClass")
        .atWarn()
        .addKeyValue("event", "test.happened")
        .log("something happened");

    // then
    assertThat(output).contains("something happened event=\"test.happened\"");
  }

  @ParameterizedTest
  @CsvSource({
    "se.samflode.api.rest.ProblemAdvice, TRACE, true",
    "org.apache.hc.client5.http.wire, DEBUG, false",
    "org.springframework.web.servlet.DispatcherServlet, TRACE, false",
    "org.postgresql.core.v3.QueryExecutorImpl, TRACE, false",
    "org.postgresql.core.v3.QueryExecutorImpl, INFO, true",
    "org.apache.cxf.phase.PhaseInterceptorChain, WARN, false",
    "org.apache.cxf.phase.PhaseInterceptorChain, ERROR, true",
    "org.springframework.web.servlet.PageNotFound, ERROR, false",
    "org.apache.coyote.http11.Http11Processor, INFO, false"
  })
  void keepsLibrariesFromTellingWhateverIsConfigured(String logger, Level level, boolean writes) {
    // given
    start("--logging.level.root=TRACE", "--logging.level." + logger + "=TRACE");

    // when
    Logger asked = LoggerFactory.getLogger(logger);

    // then
    assertThat(asked.isEnabledForLevel(level)).isEqualTo(writes);
  }

  private static void start(String... arguments) {
    SpringApplication application = new SpringApplication(Nothing.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.run(arguments);
  }
}
