package se.samflode.exchange;

import org.springframework.stereotype.Component;
import se.samflode.index.ChangeFeed;
import se.samflode.index.EngagementIndex;

/**
 * What every sender works with.
 *
 * @param notifications sends
 * @param store how far subscribers have been told
 * @param leases who tells whom
 * @param feed what has changed
 * @param index what is there now
 * @param settings how often and how long
 * @param metrics counts
 */
@Component
record Delivery(
    Notifications notifications,
    SubscriberStore store,
    Leases leases,
    ChangeFeed feed,
    EngagementIndex index,
    SubscriberSettings settings,
    SubscriberMetrics metrics) {}
