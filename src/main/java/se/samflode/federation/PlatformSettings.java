package se.samflode.federation;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Who we are towards producers (section a.4).
 *
 * @param senderId our HSA-id: the header x-vp-sender-id of questions that come over JSON
 * @param instanceId our installation: the header x-vp-instance-id of all questions
 */
@Validated
@ConfigurationProperties("samflode.platform")
public record PlatformSettings(@NotBlank String senderId, @NotBlank String instanceId) {}
