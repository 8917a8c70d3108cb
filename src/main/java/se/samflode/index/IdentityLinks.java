package se.samflode.index;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import se.samflode.index.LinkFile.Link;

/**
 * Links identities of one person, from an older to a newer one, and unlinks them. A file is one
 * transaction, with an entry in the log for each line: all of it holds when a call returns, and
 * nothing after an exception. One at a time; readers go on. Thread-safe.
 */
public final class IdentityLinks {

  private static final Logger LOG = LoggerFactory.getLogger(IdentityLinks.class);

  private static final String ONE_AT_A_TIME =
      """
      LOCK TABLE identity_link IN SHARE ROW EXCLUSIVE MODE\
      """;

  /** The links of all persons of whom an identity is named. */
  private static final String CONCERNED =
      """
      SELECT l.identity, l.linked_to
        FROM identity_link l
       WHERE l.person IN (SELECT coalesce(k.person, n.identity)
                            FROM unnest(:identities) AS n (identity)
                            LEFT JOIN identity_link k ON k.identity = n.identity)\
      """;

  private static final String SAVE =
      """
      INSERT INTO identity_link AS l (identity, linked_to, person)
      SELECT * FROM unnest(:identities, :linkedTo, :persons)
          ON CONFLICT (identity)
          DO UPDATE SET person = EXCLUDED.person WHERE l.person <> EXCLUDED.person\
      """;

  private static final String DELETE =
      """
      DELETE FROM identity_link WHERE identity = ANY (:identities)\
      """;

  private static final String WRITE_LOG =
      """
      INSERT INTO identity_link_log (done_by, reason, action, identity, linked_to)
      SELECT :doneBy, :reason, :action, n.identity, n.linked_to
        FROM unnest(:identities, :linkedTo) AS n (identity, linked_to)\
      """;

  private final DataSource dataSource;

  IdentityLinks(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Who does it and why, for the log in the database.
   *
   * @param doneBy not blank
   * @param reason not blank
   */
  public record Mandate(String doneBy, String reason) {

    /**
     * @throws CommandRefused if one is blank
     */
    public Mandate {
      if (doneBy.isBlank() || reason.isBlank()) {
        throw new CommandRefused("Say who does it and why: --by and --reason.");
      }
    }
  }

  /**
   * Links. What is linked so already stays as it is.
   *
   * @param file with the columns identity and linkedTo
   * @return links made
   * @throws CommandRefused if a line breaks a rule: an identity is linked elsewhere, or links would
   *     go in a circle
   * @throws IndexUnavailable if the database fails
   */
  public int link(Path file, Mandate mandate) {
    List<Link> asked = LinkFile.read(file);
    int made = change(sql -> add(sql, asked, mandate));
    LOG.atInfo()
        .addKeyValue("event", "index.identities-linked")
        .addKeyValue("links", made)
        .log(
            "identities of one person are found together; who and why stands in identity_link_log");
    return made;
  }

  /**
   * Takes links away. What was linked to the older identity stays with it.
   *
   * @param file with the columns identity and linkedTo, as they were linked
   * @return links taken away
   * @throws CommandRefused if there is no such link
   * @throws IndexUnavailable if the database fails
   */
  public int unlink(Path file, Mandate mandate) {
    List<Link> asked = LinkFile.read(file);
    int gone = change(sql -> remove(sql, asked, mandate));
    LOG.atInfo()
        .addKeyValue("event", "index.identities-unlinked")
        .addKeyValue("links", gone)
        .log("identities are found apart; who and why stands in identity_link_log");
    return gone;
  }

  private interface Work {
    int on(JdbcClient sql);
  }

  private int change(Work change) {
    try (LongWork work = LongWork.open(dataSource)) {
      return work.inTransaction(
          "links",
          () -> {
            work.sql().sql(ONE_AT_A_TIME).update();
            return change.on(work.sql());
          });
    }
  }

  private static int add(JdbcClient sql, List<Link> asked, Mandate mandate) {
    Map<String, String> links = concerned(sql, asked);
    List<Link> made = new ArrayList<>();
    for (Link link : asked) {
      @Nullable String before = links.putIfAbsent(link.identity(), link.linkedTo());
      LinkFile.refuseIf(
          before != null && !before.equals(link.linkedTo()),
          link.line(),
          "has an identity that is linked to another already: unlink it first");
      if (before == null) {
        made.add(link);
      }
    }
    Map<String, String> persons = new HashMap<>();
    made.forEach(link ->
        LinkFile.refuseIf(
            !follow(link.identity(), links, persons), link.line(), "leads into a circle of links"));
    save(sql, links, persons);
    writeLog(sql, "link", made, mandate);
    return made.size();
  }

  private static int remove(JdbcClient sql, List<Link> asked, Mandate mandate) {
    Map<String, String> links = concerned(sql, asked);
    for (Link link : asked) {
      LinkFile.refuseIf(
          !links.remove(link.identity(), link.linkedTo()), link.line(), "names no link");
    }
    sql.sql(DELETE).param("identities", EngagementColumns.texts(asked, Link::identity)).update();
    save(sql, links, new HashMap<>());
    writeLog(sql, "unlink", asked, mandate);
    return asked.size();
  }

  private static Map<String, String> concerned(JdbcClient sql, List<Link> asked) {
    Set<String> named = new LinkedHashSet<>();
    asked.forEach(link -> {
      named.add(link.identity());
      named.add(link.linkedTo());
    });
    Map<String, String> links = new HashMap<>();
    sql.sql(CONCERNED)
        .param("identities", EngagementColumns.texts(named, identity -> identity))
        .query(row -> {
          links.put(row.getString("identity"), row.getString("linked_to"));
        });
    return links;
  }

  /** Writes the links with the person that follows from them. */
  private static void save(JdbcClient sql, Map<String, String> links, Map<String, String> persons) {
    List<String> identities = List.copyOf(links.keySet());
    identities.forEach(identity -> follow(identity, links, persons));
    sql.sql(SAVE)
        .param("identities", EngagementColumns.texts(identities, identity -> identity))
        .param("linkedTo", EngagementColumns.texts(identities, links::get))
        .param("persons", EngagementColumns.texts(identities, persons::get))
        .update();
  }

  /**
   * Finds the newest identity that links lead to.
   *
   * @param persons by identity; those on the way are added
   * @return false if the links lead in a circle
   */
  private static boolean follow(
      String from, Map<String, String> links, Map<String, String> persons) {
    Set<String> way = new LinkedHashSet<>();
    String at = from;
    while (links.containsKey(at) && !persons.containsKey(at)) {
      if (!way.add(at)) {
        return false;
      }
      at = links.getOrDefault(at, at);
    }
    String person = persons.getOrDefault(at, at);
    way.forEach(identity -> persons.put(identity, person));
    return true;
  }

  private static void writeLog(JdbcClient sql, String action, List<Link> links, Mandate mandate) {
    sql.sql(WRITE_LOG)
        .param("doneBy", mandate.doneBy())
        .param("reason", mandate.reason())
        .param("action", action)
        .param("identities", EngagementColumns.texts(links, Link::identity))
        .param("linkedTo", EngagementColumns.texts(links, Link::linkedTo))
        .update();
  }
}
