package se.samflode.index;

import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
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
 * @param overwritingDomains service domains whose mostRecentContent is not the time of the newest
 *     content, so that an older or absent one overwrites: the commit that is last counts. Elsewhere
 *     an older one is ignored
 * @param feedRetention how long the change feed keeps a change, 2 to 400 days
 */
@Validated
@ConfigurationProperties("samflode.index")
record IndexSettings(
    @NotBlank(message = "set samflode.index.hsa-id to our own HSA-id, the address of Updates")
        String hsaId,
    @Nullable String alternativeHsaId,
    @Nullable List<String> reservedAddresses,
    @DefaultValue("true") boolean requireDurability,
    @DefaultValue("riv:crm:scheduling") Set<String> overwritingDomains,
    @DefaultValue("14d") @DurationMin(days = 2) @DurationMax(days = 400) Duration feedRetention) {

  IndexSettings {
    if (reservedAddresses != null) {
      reservedAddresses = List.copyOf(reservedAddresses);
    }
    overwritingDomains = Set.copyOf(overwritingDomains);
  }

  boolean accepts(String logicalAddress) {
    return logicalAddress.equals(hsaId) || logicalAddress.equals(alternativeHsaId);
  }

  boolean reserves(String address) {
    return reservedAddresses == null ? address.equals(hsaId) : reservedAddresses.contains(address);
  }
}
