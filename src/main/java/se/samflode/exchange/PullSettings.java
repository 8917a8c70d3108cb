package se.samflode.exchange;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.validation.annotation.Validated;

/**
 * @param file the YAML file of source systems that are pulled, re-read on change; none by default
 * @param maxPages most pages of one run; a run that has more goes on after a pause
 */
@Validated
@ConfigurationProperties("samflode.pulls")
record PullSettings(
    @Nullable Resource file, @DefaultValue("100000") @Min(1) @Max(10_000_000) int maxPages) {}
