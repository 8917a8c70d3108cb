package se.samflode.mockregions;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static se.samflode.mockregions.Soap.demand;
import static se.samflode.mockregions.Soap.folded;
import static se.samflode.mockregions.Soap.path;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import se.samflode.mockregions.RecordContracts.Contract;
import se.samflode.mockregions.RegionsFile.RecordSystem;
import se.samflode.mockregions.Soap.Refused;
import wiremock.com.github.jknack.handlebars.Template;

/**
 * One journal or lab system's side of the contracts it answers, all from {@code contracts.yaml} and
 * the templates. Immutable, thread-safe.
 */
final class RecordSystemSoap implements MockSystem {

  private static final String ADDRESS = path(Soap.REGISTRY, "LogicalAddress");

  private final RecordSystem system;
  private final Map<String, Spoken> spoken;
  private final Map<String, List<RecordFact>> records;

  private record Spoken(Contract contract, Template template) {}

  RecordSystemSoap(
      RecordSystem system,
      RecordContracts contracts,
      Templates templates,
      Stream<RecordFact> allRecords) {
    this.system = system;
    this.spoken =
        contracts.of(system).stream()
            .collect(
                toMap(
                    Contract::name,
                    contract -> new Spoken(contract, templates.of(contract.name()))));
    this.records =
        allRecords
            .filter(fact -> fact.sourceSystem().equals(system.hsaId()))
            .sorted(Comparator.comparing(RecordFact::end).reversed().thenComparing(RecordFact::id))
            .collect(groupingBy(RecordFact::kind));
  }

  @Override
  public Ask read(Map<String, List<String>> texts) throws Refused {
    Contract contract =
        spoken.values().stream()
            .map(Spoken::contract)
            .filter(one -> texts.containsKey(one.question()))
            .findFirst()
            .orElseThrow(() -> new Refused("the body is none of " + system.contracts()));
    if (!folded(demand(texts, ADDRESS)).equals(folded(system.hsaId()))) {
      throw new Refused("LogicalAddress must be " + system.hsaId());
    }
    for (String path : contract.patient()) {
      demand(texts, contract.at(path));
    }
    for (String path : List.of(contract.from(), contract.to())) {
      if (!first(texts, contract.at(path), "20000101").matches("\\d{8}(\\d{6})?")) {
        throw new Refused(path + " must be a day or a time");
      }
    }
    if (!page(contract, texts).matches("\\d{1,6}")) {
      throw new Refused("hasMoreReference is none that this system gave");
    }
    return new Ask(
        contract.name(), demand(texts, contract.at(contract.patient().getFirst())), texts);
  }

  @Override
  public byte[] answer(Ask ask) {
    return answer(ask, asked(ask).toList());
  }

  @Override
  public byte[] answerWithAnother(Ask ask) {
    Stream<RecordFact> another =
        told(spoken(ask).contract())
            .filter(fact -> !fact.residentId().equals(ask.resident()))
            .limit(1);
    return answer(ask, Stream.concat(another, asked(ask)).toList());
  }

  private Spoken spoken(Ask ask) {
    Spoken of = spoken.get(ask.contract());
    if (of == null) {
      throw new IllegalArgumentException(system.hsaId() + " does not speak " + ask.contract());
    }
    return of;
  }

  private Stream<RecordFact> told(Contract contract) {
    return records.getOrDefault(contract.kind(), List.of()).stream()
        .filter(fact -> contract.tellsNullified() || !fact.nullified());
  }

  private Stream<RecordFact> asked(Ask ask) {
    Contract contract = spoken(ask).contract();
    String from = first(ask.texts(), contract.at(contract.from()), "00000000").substring(0, 8);
    String to = first(ask.texts(), contract.at(contract.to()), "99999999").substring(0, 8);
    return told(contract)
        .filter(fact -> fact.residentId().equals(ask.resident()))
        .filter(fact -> Soap.timestamp(fact.end()).substring(0, 8).compareTo(from) >= 0)
        .filter(fact -> Soap.timestamp(fact.time()).substring(0, 8).compareTo(to) <= 0)
        .filter(fact ->
            contract.filters().entrySet().stream()
                .allMatch(filter -> passes(fact, filter.getValue(), asked(ask, filter.getKey()))));
  }

  private List<String> asked(Ask ask, String path) {
    return ask.texts().getOrDefault(spoken(ask).contract().at(path), List.of());
  }

  private static boolean passes(RecordFact fact, String value, List<String> asked) {
    return asked.isEmpty()
        || asked.stream().anyMatch(one -> one.equalsIgnoreCase(text(fact.values().get(value))));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static String page(Contract contract, Map<String, List<String>> texts) {
    return contract.page() == null ? "0" : first(texts, contract.at(contract.page()), "0");
  }

  private static String first(Map<String, List<String>> texts, String path, String without) {
    return texts.getOrDefault(path, List.of(without)).getFirst();
  }

  private byte[] answer(Ask ask, List<RecordFact> facts) {
    Contract contract = spoken(ask).contract();
    int size =
        contract.page() == null || system.pageSize() == null ? facts.size() : system.pageSize();
    int first = Math.min(Integer.parseInt(page(contract, ask.texts())), facts.size());
    int next = Math.min(first + size, facts.size());
    Map<String, Object> answer = new HashMap<>();
    answer.put("items", facts.subList(first, next).stream().map(RecordFact::values).toList());
    answer.put("sourceSystem", system.hsaId());
    answer.put("logId", system.id() + "-" + facts.size());
    if (system.info() != null) {
      answer.put("info", system.info());
    }
    if (next < facts.size()) {
      answer.put("nextPage", Integer.toString(next));
    }
    return Soap.envelope(Templates.fill(spoken(ask).template(), answer));
  }
}
