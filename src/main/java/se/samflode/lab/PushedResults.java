package se.samflode.lab;

import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;
import se.samflode.config.ByteBudget;
import se.samflode.contract.Contract;
import se.samflode.contract.Reason;
import se.samflode.contract.Xml;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;
import se.samflode.index.EngagementIndex;
import se.samflode.index.IndexDatabase;
import se.samflode.index.IndexUnavailable;

/**
 * What is held of a resident: always as it stands in the database, so that a withdrawn answer is
 * never served after its acknowledgement, on any node. Thread-safe.
 */
@Component
public class PushedResults {

  /**
   * What is held, and without content what is gone: one query, since every question waits for it.
   */
  private static final String HELD_AND_GONE =
      EngagementIndex.IDENTITIES
          + """
          , held AS (
          SELECT r.source_system, r.record_id, r.data_controller,
                 r.release_at <= clock_timestamp() AS released, v.arrived_at, v.content,
                 sum(octet_length(v.content)) OVER (PARTITION BY r.source_system) AS bytes,
                 sum(octet_length(v.content)) OVER () AS total
            FROM known k
           CROSS JOIN LATERAL (
                 SELECT * FROM lab_record o WHERE o.resident = k.identity AND NOT o.withdrawn
                 OFFSET 0) r
           CROSS JOIN LATERAL (
                 SELECT o.arrived_at, o.content
                   FROM lab_version o
                  WHERE o.source_system = r.source_system AND o.record_id = r.record_id
                    AND o.version = r.version
                 OFFSET 0) v
          )
          SELECT h.source_system, h.record_id, h.data_controller, h.released, h.arrived_at,
                 CASE WHEN h.bytes <= :most AND h.total <= :atOnce THEN h.content END AS content,
                 h.bytes
            FROM held h
           UNION ALL
          SELECT t.source_system, t.record_id, NULL, NULL, NULL, NULL, NULL
            FROM known k
           CROSS JOIN LATERAL (
                 SELECT * FROM lab_tombstone o WHERE o.resident = k.identity OFFSET 0) t
           ORDER BY 1, 2\
          """;

  /** Of one source system about one resident: as much as a producer may answer. */
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  /** Of all source systems about one resident: so much is read without a word to the budget. */
  private static final int AT_ONCE = 512 * 1024;

  private final IndexDatabase database;
  private final ByteBudget budget;

  /**
   * @param budget what the answers on this node may take together
   */
  PushedResults(IndexDatabase database, ByteBudget budget) {
    this.database = database;
    this.budget = budget;
  }

  /** Whether a contract's answers have results that are pushed. */
  public static boolean concern(Contract contract) {
    return contract.name().equals(LabContract3.NAME) || contract.name().equals(LabContract4.NAME);
  }

  /**
   * Everything that is held of the person who has an identity. To be closed.
   *
   * @throws IndexUnavailable if the database gives no answer in time
   */
  public OfResident of(PersonId resident) {
    OfResident all = new OfResident(resident, budget);
    read(all, AT_ONCE);
    long bytes = all.unreadBytes();
    if (bytes == 0 || !budget.take(bytes)) {
      return all;
    }
    OfResident much = new OfResident(resident, budget);
    much.taken = bytes;
    try {
      read(much, Long.MAX_VALUE);
    } catch (IndexUnavailable e) {
      much.close();
      throw e;
    }
    return much;
  }

  private void read(OfResident all, long atOnce) {
    database.lookUp(
        "pushed-results",
        lookUps -> {
          lookUps
              .sql(HELD_AND_GONE)
              .param("resident", all.resident.value())
              .param("most", MOST_BYTES)
              .param("atOnce", atOnce)
              .query((RowCallbackHandler) all::add);
          return all;
        });
  }

  /** A record of a source system: what is told apart by it among all that is pushed and fetched. */
  public record RecordKey(LogicalAddress sourceSystem, String recordId) {}

  /**
   * What is held of one person. Once it is closed there is no {@link #answer} in it any more, and
   * all else is as it was. For one thread.
   */
  public static final class OfResident implements AutoCloseable {

    private final PersonId resident;
    private final ByteBudget budget;
    private final Map<LogicalAddress, List<HeldReport>> held = new HashMap<>();
    private final Map<LogicalAddress, Set<PersonId>> identities = new HashMap<>();
    private final Map<LogicalAddress, Long> unread = new HashMap<>();
    private final Set<RecordKey> keys = new HashSet<>();
    private long taken;

    private OfResident(PersonId resident, ByteBudget budget) {
      this.resident = resident;
      this.budget = budget;
    }

    private void add(ResultSet row) throws SQLException {
      LogicalAddress source = new LogicalAddress(row.getString("source_system"));
      keys.add(new RecordKey(source, row.getString("record_id")));
      String content = row.getString("content");
      if (content != null) {
        LabReport report = LabJson.read(content);
        held.computeIfAbsent(source, s -> new ArrayList<>())
            .add(
                new HeldReport(
                    report,
                    row.getString("data_controller"),
                    row.getObject("arrived_at", OffsetDateTime.class).toInstant(),
                    row.getBoolean("released")));
        identities
            .computeIfAbsent(source, s -> new HashSet<>())
            .add(new PersonId(report.resident()));
      } else if (row.getObject("bytes") != null) {
        unread.put(source, row.getLong("bytes"));
        identities.put(source, Set.of(resident));
      }
    }

    private long unreadBytes() {
      return unread.values().stream().filter(bytes -> bytes <= MOST_BYTES).mapToLong(b -> b).sum();
    }

    /** Gives the memory back. */
    @Override
    public void close() {
      held.clear();
      budget.giveBack(taken);
      taken = 0;
    }

    /**
     * Why nothing can be read of a source system: there is more than can be read at once, or the
     * node has no room for it now; {@code null} where there is no such reason.
     */
    public @Nullable Reason missed(LogicalAddress sourceSystem) {
      Long bytes = unread.get(sourceSystem);
      if (bytes == null) {
        return null;
      }
      return bytes > MOST_BYTES ? Reason.TOO_LARGE : Reason.LIMITED;
    }

    /**
     * The identities under which something of a source system is held, in no order; the one asked
     * for where that is not read.
     */
    public Set<PersonId> identities(LogicalAddress sourceSystem) {
      return Set.copyOf(identities.getOrDefault(sourceSystem, Set.of()));
    }

    /** The records of which what is held, or that it is withdrawn, counts and nothing else. */
    public Set<RecordKey> records() {
      return Set.copyOf(keys);
    }

    /** The source systems of which something is held. */
    public Set<LogicalAddress> sourceSystems() {
      return Set.copyOf(identities.keySet());
    }

    /**
     * What is held of a source system and an identity, as a producer would answer it.
     *
     * @param contract one that it {@link #concern}s
     * @param filter what the consumer limits it to
     * @return a SOAP envelope in UTF-8
     */
    public byte[] answer(
        Contract contract, LogicalAddress sourceSystem, PersonId identity, PushedFilter filter) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(8192);
      try {
        XMLStreamWriter xml = Xml.writer(out);
        xml.writeStartElement("e", "Envelope", Xml.SOAP);
        xml.writeNamespace("e", Xml.SOAP);
        xml.writeStartElement("e", "Body", Xml.SOAP);
        String own = contract.interaction().namespace();
        xml.writeStartElement("r", contract.interaction().operation() + "Response", own);
        xml.writeNamespace("r", own);
        for (HeldReport report : held.getOrDefault(sourceSystem, List.of())) {
          if (report.report().resident().equals(identity.value()) && filter.lets(report)) {
            xml.writeStartElement("r", contract.item().element(), own);
            if (contract.name().equals(LabContract3.NAME)) {
              new LabContract3(xml).write(report);
            } else {
              new LabContract4(xml).write(report);
            }
            xml.writeEndElement();
          }
        }
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeEndElement();
        xml.close();
      } catch (XMLStreamException e) {
        throw new IllegalStateException("an answer could not be written to memory", e);
      }
      return out.toByteArray();
    }
  }
}
