package se.samflode.access;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.Resource;

/**
 * Where the senders are listed.
 *
 * @param senders the file of senders; nobody may push where there is none
 */
@ConfigurationProperties("samflode")
record SendersSettings(@Nullable Resource senders) {}
