package se.samflode.contract;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Who we are towards producers.
 *
 * @param senderId our HSA-id: the header x-vp-sender-id of questions that come over JSON
 * @param instanceId our installation: the header x-vp-instance-id of all questions
 */
@Validated
@ConfigurationProperties("samflode.platform")
public record PlatformSettings(
    @NotBlank(message = "set samflode.platform.sender-id to our HSA-id as a caller of producers")
        String senderId,
    @NotBlank(message = "set samflode.platform.instance-id to a name for this installation")
        String instanceId) {}
