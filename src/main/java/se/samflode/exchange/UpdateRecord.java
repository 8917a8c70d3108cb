package se.samflode.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import se.samflode.access.Sender;
import se.samflode.index.Engagement;
import se.samflode.index.EngagementTransaction;
import se.samflode.index.IndexFault;
import se.samflode.index.UpdateRules;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A record of a sender's updates, as it was read. Immutable; prints itself redacted.
 *
 * @param transactions what to store; empty if it has faults
 * @param faults why it is rejected, 20 at most; empty if it may be stored
 */
record UpdateRecord(List<EngagementTransaction> transactions, List<Fault> faults) {

  /** Largest record, bytes. */
  static final int LARGEST = 1024 * 1024;

  private static final int MOST_FAULTS = 20;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Why a record is rejected, for its sender. Immutable.
   *
   * @param code of the index, or one of {@code not-json}, {@code too-large}, {@code not-a-sender},
   *     {@code source-system}, {@code refused}, {@code overtaken} and {@code internal}
   * @param path JSON Pointer to what is at fault; empty for the record as a whole
   * @param text what is wrong, without values
   */
  record Fault(String code, String path, String text) {}

  /** Copies the lists. */
  UpdateRecord {
    transactions = List.copyOf(transactions);
    faults = List.copyOf(faults.subList(0, Math.min(faults.size(), MOST_FAULTS)));
  }

  static UpdateRecord rejected(Fault fault) {
    return new UpdateRecord(List.of(), List.of(fault));
  }

  /**
   * Reads a record and judges it by the rules of Update.
   *
   * @param body the record's value, null if it has none
   */
  static UpdateRecord read(byte @Nullable [] body, Sender sender, UpdateRules rules) {
    if (body == null) {
      return rejected(new Fault("not-json", "", "The record has no value"));
    }
    if (body.length > LARGEST) {
      return rejected(new Fault("too-large", "", "The record has more than " + LARGEST + " bytes"));
    }
    JsonNode document;
    try {
      document = JSON.readTree(body);
    } catch (JacksonException e) {
      // Its own text may repeat the content.
      var at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      return rejected(new Fault("not-json", "", "The record is not JSON" + where));
    }
    Reading reading = new Reading();
    List<EngagementTransaction> transactions = reading.transactions(document);
    if (reading.faults.isEmpty()) {
      judge(transactions, sender, rules, reading.faults);
    }
    return new UpdateRecord(reading.faults.isEmpty() ? transactions : List.of(), reading.faults);
  }

  private static void judge(
      List<EngagementTransaction> transactions,
      Sender sender,
      UpdateRules rules,
      List<Fault> faults) {
    for (int i = 0; i < transactions.size(); i++) {
      Engagement engagement = transactions.get(i).engagement();
      String path = "/" + i + "/engagement/";
      Optional<UpdateRules.Broken> broken = rules.brokenBy(engagement);
      broken.ifPresent(b -> faults.add(new Fault(b.code().name(), path + b.field(), b.text())));
      if (broken.isEmpty() && sender.sourceSystem(engagement.sourceSystem()).isEmpty()) {
        faults.add(
            new Fault(
                "source-system",
                path + "sourceSystem",
                "sourceSystem is none that this sender may send for"));
      }
    }
    if (faults.isEmpty()) {
      Optional<IndexFault> whole = rules.check(transactions);
      whole.ifPresent(fault -> faults.add(new Fault(fault.code().name(), "", fault.text())));
    }
  }

  @Override
  public String toString() {
    return "UpdateRecord[redacted]";
  }

  /** Reads the shape, and gathers what is wrong with it. */
  private static final class Reading {

    private final List<Fault> faults = new ArrayList<>();

    List<EngagementTransaction> transactions(JsonNode document) {
      List<EngagementTransaction> transactions = new ArrayList<>();
      if (!document.isArray()) {
        wrong("", "The record must be a list of transactions");
        return transactions;
      }
      // One more than allowed is enough to know.
      int most = Math.min(document.size(), UpdateRules.MAX_TRANSACTIONS + 1);
      for (int i = 0; i < most && faults.size() < MOST_FAULTS; i++) {
        transactions.add(transaction(document.get(i), "/" + i));
      }
      return transactions;
    }

    private EngagementTransaction transaction(JsonNode node, String path) {
      Map<String, String> texts = new HashMap<>();
      boolean delete = false;
      if (node.isObject()) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          switch (field.getKey()) {
            case "deleteFlag" -> delete = flag(field.getValue(), path + "/deleteFlag");
            case "engagement" -> texts.putAll(texts(field.getValue(), path + "/engagement"));
            default -> wrong(path, "A transaction has the fields deleteFlag and engagement only");
          }
        }
        if (!node.has("engagement")) {
          wrong(path, "A transaction must have an engagement");
        }
      } else {
        wrong(path, "A transaction must be an object");
      }
      return new EngagementTransaction(delete, Engagement.of(texts));
    }

    private boolean flag(JsonNode value, String path) {
      if (!value.isBoolean()) {
        wrong(path, "deleteFlag must be true or false");
      }
      return value.isBoolean() && value.booleanValue();
    }

    private Map<String, String> texts(JsonNode engagement, String path) {
      Map<String, String> texts = new HashMap<>();
      if (!engagement.isObject()) {
        wrong(path, "An engagement must be an object");
        return texts;
      }
      for (Map.Entry<String, JsonNode> field : engagement.properties()) {
        // A name that is unknown is the sender's text: it is not repeated.
        if (!Engagement.FIELDS.contains(field.getKey())) {
          wrong(path, "An engagement has a field that the contract does not know");
        } else if (!field.getValue().isString()) {
          wrong(path + "/" + field.getKey(), field.getKey() + " must be a string");
        } else {
          texts.put(field.getKey(), field.getValue().stringValue());
        }
      }
      return texts;
    }

    private void wrong(String path, String text) {
      faults.add(new Fault(IndexFault.Code.EI001.name(), path, text));
    }
  }
}
