package se.samflode.federation;

import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import se.samflode.contract.Reason;
import se.samflode.contract.SourceFailed;

/**
 * Fetches fragments, one call for all who want the same, and keeps what comes, also when nobody
 * waits for it any more. A failure is never kept. Thread-safe.
 */
@Component
final class Fetching {

  private static final Logger LOG = LoggerFactory.getLogger(Fetching.class);

  private final RemoteSource remote;
  private final Fragments fragments;
  private final Comparisons comparisons;
  private final Flights flights = new Flights(System::nanoTime);

  Fetching(RemoteSource remote, Fragments fragments, Comparisons comparisons) {
    this.remote = remote;
    this.fragments = fragments;
    this.comparisons = comparisons;
  }

  /**
   * Begins a call, or joins one that is under way.
   *
   * @param alone see {@link Flights#join}
   */
  CompletableFuture<Landing> fetch(RemoteSource.Call call, FragmentKey key, boolean alone) {
    return flights.join(new Flights.Key(key, call.hit().version()), alone, () -> fetch(call, key));
  }

  private Landing fetch(RemoteSource.Call call, FragmentKey key) {
    try {
      Landing.Fetched fetched = remote.fetch(call);
      boolean kept = false;
      try {
        keep(call, key, fetched.fragment());
        kept = true;
      } finally {
        if (!kept) {
          fetched.hold().leave();
        }
      }
      return fetched;
    } catch (SourceFailed e) {
      return new Landing.Missed(e.reason(), e.messages());
    } catch (RuntimeException e) {
      // A bug of ours must end like any other fetch, in an outcome; its text may repeat content.
      LOG.atError()
          .addKeyValue("event", "fetch.broken")
          .addKeyValue("correlationId", call.question().correlationId())
          .addKeyValue("producer", call.producer().id())
          .addKeyValue("error", e.getClass().getName())
          .log("a fetch ended in an error of ours");
      return new Landing.Missed(Reason.INTERNAL);
    }
  }

  private void keep(RemoteSource.Call call, FragmentKey key, Fragment fetched) {
    if (!fetched.nextPages().isEmpty()) {
      // A page that could not be had is a failure, and a mark of the next one may not live long.
      return;
    }
    comparisons.compare(call, fragments.keep(key, fetched), fetched);
  }
}
