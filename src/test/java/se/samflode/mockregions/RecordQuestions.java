package se.samflode.mockregions;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import se.samflode.mockregions.RecordContracts.Contract;

/** Writes questions of the record contracts as a consumer would. Stateless. */
final class RecordQuestions {

  /** Order of a request's children in all ten contracts. */
  private static final List<String> ORDER =
      List.of(
          "subjectOfCareId",
          "careUnitHSAId",
          "careUnitHSAid",
          "careUnitId",
          "careUnit",
          "careGiverHSAId",
          "healthcareProvider",
          "patientId",
          "typeOfRequest",
          "timePeriod",
          "datePeriod",
          "fromDate",
          "toDate",
          "sourceSystemHSAId",
          "sourceSystemHSAid",
          "sourceSystemId",
          "hasMoreReference",
          "careContactId",
          "referralIdentifier");

  private RecordQuestions() {}

  /** A question about a resident, with nothing else asked for. */
  static String about(Contract contract, RecordFact fact) {
    return about(contract, fact, Map.of());
  }

  /**
   * A question about a resident.
   *
   * @param more values by their paths, as {@code contracts.yaml} has them
   */
  static String about(Contract contract, RecordFact fact, Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(more);
    all.put(contract.patient().getFirst(), fact.residentId());
    contract.patient().stream()
        .skip(1)
        .forEach(path -> all.put(path, String.valueOf(fact.values().get("residentType"))));
    more.keySet().stream()
        .filter(path -> path.endsWith("/extension"))
        .forEach(path -> all.put(path.replace("/extension", "/root"), "1.2.752.129.2.1.4.1"));
    Map<String, List<String>> children =
        all.keySet().stream()
            .sorted(Comparator.comparingInt(RecordQuestions::inner))
            .collect(groupingBy(path -> path.replaceFirst("/.*", ""), toList()));
    String body =
        ORDER.stream()
            .filter(children::containsKey)
            .map(child -> child(child, children.getOrDefault(child, List.of()), all))
            .collect(joining());
    String[] question = contract.question().substring(1).split("}", -1);
    return """
    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>
    <LogicalAddress xmlns="urn:riv:itintegration:registry:1">%s</LogicalAddress></s:Header>
    <s:Body><r:%s xmlns:r="%s" xmlns:c="urn:riv:%s:%d">%s</r:%2$s></s:Body></s:Envelope>\
    """
        .formatted(
            fact.sourceSystem(),
            question[1],
            question[0],
            contract.domain(),
            contract.core(),
            body);
  }

  private static String child(String name, List<String> paths, Map<String, String> values) {
    String content =
        paths.stream()
            .map(path ->
                path.equals(name)
                    ? values.get(path)
                    : "<c:%1$s>%2$s</c:%1$s>"
                        .formatted(path.replaceFirst(".*/", ""), values.get(path)))
            .collect(joining());
    return "<r:%1$s>%2$s</r:%1$s>".formatted(name, content);
  }

  // root before extension, id before type, start before end
  private static int inner(String path) {
    return path.endsWith("/root") || path.endsWith("/start") || path.endsWith("/id") ? 0 : 1;
  }
}
