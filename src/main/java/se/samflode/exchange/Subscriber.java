package se.samflode.exchange;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import se.samflode.identity.LogicalAddress;
import se.samflode.index.Engagement;

/**
 * Who is told of changes in the index. Immutable.
 *
 * @param logicalAddress its HSA-id, 1 to 64 characters
 * @param url where it, or the platform in front of it, takes ProcessNotification
 * @param sslBundle for https: the name of the SSL bundle with our certificate and whom we trust
 * @param filters what it wants; empty for everything
 */
record Subscriber(
    String logicalAddress, URI url, @Nullable String sslBundle, List<Filter> filters) {

  /** Longest list of filters. */
  static final int MAX_FILTERS = 200;

  /**
   * A part of the index that a subscriber wants. Compared without regard to case.
   *
   * @param serviceDomain such as {@code riv:crm:scheduling}
   * @param categorizations those of the domain that it wants; empty for all
   */
  record Filter(String serviceDomain, List<String> categorizations) {

    @SuppressWarnings("ConstantValue") // the file may leave a value out
    Filter {
      require(
          serviceDomain != null && !serviceDomain.isBlank(), "filters[].serviceDomain is missing");
      categorizations = categorizations == null ? List.of() : List.copyOf(categorizations);
    }

    boolean takes(Engagement engagement) {
      return serviceDomain.equalsIgnoreCase(engagement.serviceDomain())
          && (categorizations.isEmpty()
              || categorizations.stream().anyMatch(engagement.categorization()::equalsIgnoreCase));
    }
  }

  /**
   * Checks the entry by itself and fills in what is absent.
   *
   * @throws IllegalArgumentException if a value is missing or wrong; the text says which
   */
  @SuppressWarnings("ConstantValue") // the file may leave a value out
  Subscriber {
    require(
        logicalAddress != null
            && !logicalAddress.isBlank()
            && logicalAddress.length() <= 64
            && logicalAddress.equals(logicalAddress.strip()),
        "subscribers[].logicalAddress must have 1 to 64 characters without blanks around it");
    String who = "subscriber " + logicalAddress + ": ";
    checkUrl(who + "url", url, sslBundle);
    filters = filters == null ? List.of() : List.copyOf(filters);
    require(filters.size() <= MAX_FILTERS, who + "at most " + MAX_FILTERS + " filters");
  }

  /**
   * Checks where somebody is called.
   *
   * @throws IllegalArgumentException if it is no address, or the bundle does not fit it
   */
  @SuppressWarnings("ConstantValue") // the file may leave it out
  static void checkUrl(String what, URI url, @Nullable String sslBundle) {
    require(
        url != null
            && url.getHost() != null
            && url.getUserInfo() == null
            && url.getRawQuery() == null
            && url.getRawFragment() == null
            && ("http".equals(url.getScheme()) || "https".equals(url.getScheme())),
        what + " must be http://host/path or https://host/path, without user, query or fragment");
    require(
        "https".equals(url.getScheme()) == (sslBundle != null),
        what + ": https needs an SSL bundle, the name of a spring.ssl.bundle; http has none");
  }

  /** What it is known by in the database, in metrics and in the log: its address in upper case. */
  String key() {
    return new LogicalAddress(logicalAddress).folded();
  }

  /** Whether it is told of changes of an engagement. */
  boolean wants(Engagement engagement) {
    return filters.isEmpty() || filters.stream().anyMatch(f -> f.takes(engagement));
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
