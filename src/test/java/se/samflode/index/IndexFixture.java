package se.samflode.index;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import se.samflode.testing.TestDatabase;

/** An index on a new database of its own, and a look at that database from outside. */
final class IndexFixture implements AutoCloseable {

  final HikariDataSource pool = new HikariDataSource();
  final JdbcClient outside;
  final IndexSettings settings;
  final IndexDatabase database;
  final IndexWriter writer;
  final EngagementIndex index;
  final ChangeFeed feed;
  final IndexUpdates updates;

  /** A transaction around those of the writer, which then commit with it. */
  final TransactionTemplate outer;

  IndexFixture() {
    TestDatabase created = TestDatabase.create();
    Flyway.configure().dataSource(created.url(), TestDatabase.USER, "").load().migrate();
    outside = created.client();
    pool.setJdbcUrl(created.url());
    pool.setMaximumPoolSize(16);
    pool.setConnectionTimeout(2_000);
    pool.addDataSourceProperty("options", "-c plan_cache_mode=force_generic_plan -c jit=off");
    settings = settings(Set.of(Engagements.DOMAIN));
    JdbcTransactionManager transactions = new JdbcTransactionManager(pool);
    database = new IndexDatabase(pool, transactions, new SimpleMeterRegistry());
    outer = new TransactionTemplate(transactions);
    writer = new IndexWriter(settings, database);
    index = new EngagementIndex(database);
    feed = new ChangeFeed(database, settings);
    updates = new IndexUpdates(database, Clock.systemUTC());
    new FeedPartitions(database, settings).keep();
  }

  static IndexSettings settings(Set<String> overwritingDomains) {
    return settings(Engagements.INDEX, null, false, overwritingDomains);
  }

  static IndexSettings settings(
      String hsaId, @Nullable String alternative, boolean requireDurability) {
    return settings(hsaId, alternative, requireDurability, Set.of(Engagements.DOMAIN));
  }

  private static IndexSettings settings(
      String hsaId,
      @Nullable String alternative,
      boolean requireDurability,
      Set<String> overwritingDomains) {
    return new IndexSettings(
        hsaId, alternative, null, requireDurability, overwritingDomains, Duration.ofDays(14));
  }

  /** Everything in the feed, bucket after bucket. */
  List<Change> changes() {
    return feed.read(
        IntStream.range(0, 1024).boxed().collect(Collectors.toMap(b -> b, b -> 0L)),
        100_000,
        100_000);
  }

  long count(String table) {
    return outside.sql("SELECT count(*) FROM " + table).query(Long.class).single();
  }

  @Override
  public void close() {
    pool.close();
  }
}
