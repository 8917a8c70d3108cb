package se.samflode.index;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;
import se.samflode.identity.LogicalAddress;

/** Engagements as parameters and columns of SQL. Stateless, thread-safe. */
final class EngagementColumns {

  /**
   * A FROM item {@code n} of the engagements given by {@link #params}, with the columns that the
   * tables have.
   */
  static final String GIVEN =
      """
      unnest(:ids, :residents, :serviceDomains, :categorizations, :logicalAddresses,
             :businessObjects, :clinicalProcesses, CAST(:mostRecentContents AS timestamp[]),
             :sourceSystems, :dataControllers, :owners)
      AS n (id, resident, service_domain, categorization, logical_address,
            business_object_instance_identifier, clinical_process_interest_id,
            most_recent_content, source_system, data_controller, owner)
      """;

  /** Select items that give an {@link Engagement} of a table named {@code e}. */
  static final String SELECTED =
      """
      e.resident, e.service_domain, e.categorization, e.logical_address,
      e.business_object_instance_identifier, e.clinical_process_interest_id,
      to_char(e.most_recent_content, 'YYYYMMDDHH24MISS') AS most_recent_content,
      e.source_system,
      to_char(e.creation_time AT TIME ZONE 'Europe/Stockholm', 'YYYYMMDDHH24MISS')
        AS creation_time,
      to_char(e.update_time AT TIME ZONE 'Europe/Stockholm', 'YYYYMMDDHH24MISS')
        AS update_time,
      e.data_controller, e.owner
      """;

  private static final RowMapper<Engagement> BY_NAME =
      new SimplePropertyRowMapper<>(Engagement.class);

  private EngagementColumns() {}

  /** The engagement of a row that has the columns of {@link #SELECTED}. */
  static Engagement engagement(ResultSet row, int number) throws SQLException {
    return Objects.requireNonNull(BY_NAME.mapRow(row, number));
  }

  /** The first column of a row as a text that is never null. */
  static String text(ResultSet row, int number) throws SQLException {
    return row.getString(1);
  }

  /** Sets the parameters of {@link #GIVEN}. */
  static StatementSpec params(StatementSpec statement, Map<EngagementKey, Engagement> byKey) {
    List<Engagement> given = new ArrayList<>(byKey.values());
    return statement
        .param("ids", ids(byKey.keySet()))
        .param("residents", texts(given, Engagement::resident))
        .param("serviceDomains", texts(given, Engagement::serviceDomain))
        .param("categorizations", texts(given, Engagement::categorization))
        .param("logicalAddresses", texts(given, Engagement::logicalAddress))
        .param("businessObjects", texts(given, Engagement::businessObjectInstanceIdentifier))
        .param("clinicalProcesses", texts(given, Engagement::clinicalProcessInterestId))
        .param("mostRecentContents", texts(given, EngagementColumns::isoTime))
        .param("sourceSystems", texts(given, Engagement::sourceSystem))
        .param("dataControllers", texts(given, Engagement::dataController))
        .param("owners", texts(given, Engagement::owner));
  }

  /** Keys as an array of {@code bytea}. */
  static SqlArrayValue ids(Iterable<EngagementKey> keys) {
    List<byte[]> bytes = new ArrayList<>();
    keys.forEach(key -> bytes.add(key.bytes()));
    return new SqlArrayValue("bytea", (Object[]) bytes.toArray(byte[][]::new));
  }

  /** One field of each as an array of {@code text}, which the driver sends in binary. */
  static <T> SqlArrayValue texts(Iterable<T> of, Function<T, @Nullable String> field) {
    List<@Nullable String> texts = new ArrayList<>();
    of.forEach(each -> texts.add(field.apply(each)));
    return new SqlArrayValue("text", (Object[]) texts.toArray(String[]::new));
  }

  private static @Nullable String isoTime(Engagement engagement) {
    LocalDateTime time = ContractTime.parse(engagement.mostRecentContent());
    return time == null ? null : time.toString();
  }

  /** The addresses in an array of texts. */
  static Set<LogicalAddress> addresses(Array array) throws SQLException {
    return Arrays.stream((Object[]) array.getArray())
        .map(String::valueOf)
        .map(LogicalAddress::new)
        .collect(Collectors.toSet());
  }
}
