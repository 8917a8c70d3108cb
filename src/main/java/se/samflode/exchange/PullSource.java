package se.samflode.exchange;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A source system that does not update the index itself: it is asked for its changes by GetUpdates.
 * Immutable.
 *
 * @param id unique, lower-case letters, digits and hyphens, 1 to 40 characters; what is remembered
 *     of the source is kept under it
 * @param sourceSystem HSA-id that its engagements name, 1 to 64 characters
 * @param logicalAddress whom the question is addressed to, 1 to 64 characters; the source system if
 *     absent
 * @param url where it listens, http or https, without query and fragment
 * @param sslBundle for https: the name of the SSL bundle with our client certificate and the trust
 *     store; null for those whom Java trusts, and no certificate
 * @param serviceDomains what it is asked for, 1 to 100 domains
 * @param interval from the start of a run that came to its end to the next, 1 s to 7 days; 5 min if
 *     absent
 * @param overlap how much of the time before the last run is asked for again, 0 s to 1 day; 1 min
 *     if absent. Sources, too, may index before they commit, and their clocks differ from ours
 * @param enabled whether it is pulled; true if absent
 */
record PullSource(
    String id,
    String sourceSystem,
    String logicalAddress,
    URI url,
    @Nullable String sslBundle,
    List<String> serviceDomains,
    Duration interval,
    Duration overlap,
    Boolean enabled) {

  private static final String ID = "[a-z0-9][a-z0-9-]{0,39}";
  private static final int ADDRESS = 64;
  private static final int DOMAIN = 255;
  private static final int DOMAINS = 100;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final Duration LONGEST_OVERLAP = Duration.ofDays(1);

  /**
   * Checks the entry by itself and fills in what is absent.
   *
   * @throws IllegalArgumentException if a value is missing or out of its range; the text says which
   */
  @SuppressWarnings("ConstantValue") // the file may leave a value out
  PullSource {
    require(id != null && id.matches(ID), "sources[].id must match " + ID);
    String who = "source " + id + ": ";
    require(
        isText(sourceSystem, ADDRESS),
        who + "sourceSystem must have 1 to 64 characters without blanks around it");
    logicalAddress = logicalAddress == null ? sourceSystem : logicalAddress;
    require(
        isText(logicalAddress, ADDRESS),
        who + "logicalAddress must have 1 to 64 characters without blanks around it");
    require(
        isAddress(url),
        who + "url must be http://host/path or https://host/path, without user, query or fragment");
    require(
        sslBundle == null || "https".equals(url.getScheme()), who + "sslBundle is for https only");
    require(
        serviceDomains != null && !serviceDomains.isEmpty() && serviceDomains.size() <= DOMAINS,
        who + "serviceDomains must name 1 to 100 domains");
    require(
        serviceDomains.stream().allMatch(domain -> isText(domain, DOMAIN)),
        who + "a service domain has 1 to 255 characters without blanks around it");
    require(
        Set.copyOf(serviceDomains).size() == serviceDomains.size(),
        who + "a service domain stands twice");
    serviceDomains = List.copyOf(serviceDomains);
    interval = interval == null ? Duration.ofMinutes(5) : interval;
    require(
        interval.compareTo(SHORTEST) >= 0 && interval.compareTo(LONGEST) <= 0,
        who + "interval must be 1s to 7d");
    overlap = overlap == null ? Duration.ofMinutes(1) : overlap;
    require(
        !overlap.isNegative() && overlap.compareTo(LONGEST_OVERLAP) <= 0,
        who + "overlap must be 0s to 1d");
    enabled = enabled == null || enabled;
  }

  private static boolean isText(@Nullable String value, int longest) {
    return value != null
        && !value.isBlank()
        && value.length() <= longest
        && value.equals(value.strip());
  }

  private static boolean isAddress(@Nullable URI url) {
    return url != null
        && url.getHost() != null
        && url.getUserInfo() == null
        && url.getRawQuery() == null
        && url.getRawFragment() == null
        && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()));
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
