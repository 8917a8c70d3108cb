package se.samflode.access;

import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.Resource;
import org.springframework.validation.annotation.Validated;

/**
 * Where the consumers are listed.
 *
 * @param consumers the file of consumers; there is no default, since who may ask is never guessed
 */
@Validated
@ConfigurationProperties("samflode")
record ConsumersSettings(
    @NotNull(message = "set samflode.consumers to the YAML file that lists who may ask")
        Resource consumers) {}
