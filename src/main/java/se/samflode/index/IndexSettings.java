package se.samflode.index;

import jakarta.validation.constraints.NotBlank;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param hsaId our own HSA-id as an index: the address of Update and the owner of what it stores
 * @param alternativeHsaId a second address that Update accepts, none by default
 * @param reservedAddresses what no engagement may have as logical address or source system; our own
 *     HSA-id by default. Compared exactly
 * @param requireDurability whether to refuse a PostgreSQL that can lose what it has acknowledged
 */
@Validated
@ConfigurationProperties("samflode.index")
record IndexSettings(
    @NotBlank(message = "set samflode.index.hsa-id to our own HSA-id, the address of Updates")
        String hsaId,
    @Nullable String alternativeHsaId,
    @Nullable List<String> reservedAddresses,
    @DefaultValue("true") boolean requireDurability) {

  IndexSettings {
    if (reservedAddresses != null) {
      reservedAddresses = List.copyOf(reservedAddresses);
    }
  }

  boolean accepts(String logicalAddress) {
    return logicalAddress.equals(hsaId) || logicalAddress.equals(alternativeHsaId);
  }

  boolean reserves(String address) {
    return reservedAddresses == null ? address.equals(hsaId) : reservedAddresses.contains(address);
  }
}
