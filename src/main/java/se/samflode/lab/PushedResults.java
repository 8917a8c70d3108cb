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
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;
import se.samflode.contract.Contract;
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

  private static final String HELD =
      EngagementIndex.IDENTITIES
          + """
          SELECT r.source_system, r.record_id, r.data_controller,
                 r.release_at <= clock_timestamp() AS released, v.arrived_at, v.content
            FROM known k
            JOIN lab_record r ON r.resident = k.identity AND NOT r.withdrawn
            JOIN lab_version v USING (source_system, record_id, version)
           ORDER BY r.source_system, r.record_id\
          """;

  private static final String GONE =
      EngagementIndex.IDENTITIES
          + """
          SELECT t.source_system, t.record_id
            FROM known k JOIN lab_tombstone t ON t.resident = k.identity\
          """;

  private final IndexDatabase database;

  PushedResults(IndexDatabase database) {
    this.database = database;
  }

  /** Whether a contract's answers have results that are pushed. */
  public static boolean concern(Contract contract) {
    return contract.name().equals(LabContract3.NAME) || contract.name().equals(LabContract4.NAME);
  }

  /**
   * Everything that is held of the person who has an identity.
   *
   * @throws IndexUnavailable if the database gives no answer in time
   */
  public OfResident of(PersonId resident) {
    OfResident all = new OfResident();
    IndexDatabase.answered(
        "pushed-results",
        () -> {
          database
              .lookUps()
              .sql(HELD)
              .param("resident", resident.value())
              .query((RowCallbackHandler) all::hold);
          database
              .lookUps()
              .sql(GONE)
              .param("resident", resident.value())
              .query((RowCallbackHandler) all::bury);
          return all;
        });
    return all;
  }

  /** A record of a source system: what is told apart by it among all that is pushed and fetched. */
  public record RecordKey(LogicalAddress sourceSystem, String recordId) {}

  /** What is held of one person. Not thread-safe; not changed once it is handed out. */
  public static final class OfResident {

    private final Map<LogicalAddress, List<HeldReport>> held = new HashMap<>();
    private final Set<RecordKey> keys = new HashSet<>();

    private void hold(ResultSet row) throws SQLException {
      LogicalAddress source = new LogicalAddress(row.getString("source_system"));
      keys.add(new RecordKey(source, row.getString("record_id")));
      held.computeIfAbsent(source, s -> new ArrayList<>())
          .add(
              new HeldReport(
                  LabJson.read(row.getString("content")),
                  row.getString("data_controller"),
                  row.getObject("arrived_at", OffsetDateTime.class).toInstant(),
                  row.getBoolean("released")));
    }

    private void bury(ResultSet row) throws SQLException {
      keys.add(
          new RecordKey(
              new LogicalAddress(row.getString("source_system")), row.getString("record_id")));
    }

    /** The records of which what is held, or that it is withdrawn, counts and nothing else. */
    public Set<RecordKey> records() {
      return Set.copyOf(keys);
    }

    /** The source systems of which something is held. */
    public Set<LogicalAddress> sourceSystems() {
      return Set.copyOf(held.keySet());
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
