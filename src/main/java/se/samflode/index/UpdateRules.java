package se.samflode.index;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import se.samflode.index.IndexFault.Code;

/**
 * The rules that Update, ProcessNotification and what is pulled must follow, in the order in which
 * today's index checks them: the first error wins. Thread-safe. Source: engagementindex 1.0.
 */
@Component
public final class UpdateRules {

  /** Most engagements in one request. */
  public static final int MAX_TRANSACTIONS = 1000;

  private static final List<Field> MANDATORY =
      List.of(
          new Field("registeredResidentIdentification", 32, Engagement::resident),
          new Field("serviceDomain", 255, Engagement::serviceDomain),
          new Field("categorization", 255, Engagement::categorization),
          new Field("logicalAddress", 64, Engagement::logicalAddress),
          new Field(
              "businessObjectInstanceIdentifier",
              128,
              Engagement::businessObjectInstanceIdentifier),
          new Field("clinicalProcessInterestId", 128, Engagement::clinicalProcessInterestId),
          new Field("sourceSystem", 64, Engagement::sourceSystem),
          new Field("dataController", 64, Engagement::dataController));

  private static final List<Field> MANDATORY_WITH_OWNER =
      Stream.concat(MANDATORY.stream(), Stream.of(new Field("owner", 64, Engagement::owner)))
          .toList();

  private final IndexSettings settings;

  UpdateRules(IndexSettings settings) {
    this.settings = settings;
  }

  /**
   * Why an Update is refused, or empty if it may be stored.
   *
   * @param logicalAddress the request's LogicalAddress, null or empty if it has none
   * @param transactions in the order of the request
   */
  public Optional<IndexFault> check(
      @Nullable String logicalAddress, List<EngagementTransaction> transactions) {
    return routing(logicalAddress == null ? "" : logicalAddress)
        .or(() -> count(transactions.size()))
        .or(() -> each(transactions, MANDATORY));
  }

  /**
   * Why a ProcessNotification is refused, or empty if it may be stored. Its LogicalAddress is not
   * looked at; the owner, which Update sets itself, is mandatory.
   *
   * @param transactions in the order of the request
   */
  public Optional<IndexFault> checkNotification(List<EngagementTransaction> transactions) {
    return count(transactions.size()).or(() -> each(transactions, MANDATORY_WITH_OWNER));
  }

  /** Why an engagement may not be stored as our own, or empty if it may. */
  public Optional<IndexFault> check(Engagement engagement) {
    return one(engagement, 1, new HashMap<>(), MANDATORY);
  }

  /** Why an Update that did not come over SOAP is refused as a whole, or empty if it is not. */
  public Optional<IndexFault> check(List<EngagementTransaction> transactions) {
    return count(transactions.size()).or(() -> each(transactions, MANDATORY));
  }

  /**
   * A rule that a row breaks. Immutable.
   *
   * @param code as SOAP has it
   * @param field the field's name on the wire
   * @param rule goes on after the field's name, and does not repeat its value
   */
  public record Broken(Code code, String field, String rule) {

    /** Field and rule. */
    public String text() {
      return field + " " + rule;
    }
  }

  /**
   * Which field of a row breaks which rule; empty if it may be stored. For rows that do not come
   * over SOAP: it looks too for what XML cannot carry.
   */
  public Optional<Broken> brokenBy(Engagement e) {
    if (ContractTime.problem(e.mostRecentContent()).isPresent()) {
      return Optional.of(new Broken(Code.NONE, "mostRecentContent", "is no time yyyyMMddHHmmss"));
    }
    return broken(
            e,
            Code.EI004,
            "has white space at its beginning or end",
            (f, v) -> !v.equals(v.strip()))
        .or(() -> broken(e, Code.EI004, "is missing", (f, v) -> v.isEmpty()))
        .or(() -> broken(e, Code.EI004, "is too long", (f, v) -> v.length() > f.maxLength()))
        .or(() ->
            broken(e, Code.EI004, "has a character that XML cannot carry", (f, v) -> !fitsXml(v)))
        .or(() -> broken(e, Code.EI005, "is reserved", isReserved("logicalAddress")))
        .or(() -> broken(e, Code.EI006, "is reserved", isReserved("sourceSystem")));
  }

  private static Optional<Broken> broken(Engagement e, Code code, String rule, Check check) {
    return firstField(e, MANDATORY, check).map(field -> new Broken(code, field, rule));
  }

  private Check isReserved(String address) {
    return (field, value) -> field.name().equals(address) && settings.reserves(value);
  }

  /** Whether XML can carry a text; what it cannot, such as half a pair, no database keeps. */
  public static boolean fitsXml(String value) {
    return value
        .codePoints()
        .allMatch(c ->
            (c >= ' ' && c != 0xFFFE && c != 0xFFFF && (c < 0xD800 || c > 0xDFFF))
                || c == '\t'
                || c == '\n'
                || c == '\r');
  }

  private Optional<IndexFault> routing(String logicalAddress) {
    if (settings.accepts(logicalAddress)) {
      return Optional.empty();
    }
    String shown = logicalAddress.isEmpty() ? "missing" : IndexFault.echo(logicalAddress);
    return fault(
        Code.EI003,
        "Invalid routing. Logical address is "
            + shown
            + " but the owner is "
            + settings.hsaId()
            + ". They must be the same, see rule Update-R7");
  }

  private static Optional<IndexFault> count(int transactions) {
    if (transactions < 1) {
      return Optional.of(IndexFault.technical("The request has less than 1 engagement"));
    }
    if (transactions > MAX_TRANSACTIONS) {
      return Optional.of(
          IndexFault.technical("The request has more than " + MAX_TRANSACTIONS + " engagements"));
    }
    return Optional.empty();
  }

  private Optional<IndexFault> each(
      List<EngagementTransaction> transactions, List<Field> mandatory) {
    Map<EngagementKey, Integer> seen = HashMap.newHashMap(transactions.size());
    for (int number = 1; number <= transactions.size(); number++) {
      Engagement engagement = transactions.get(number - 1).engagement();
      Optional<IndexFault> fault = one(engagement, number, seen, mandatory);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private Optional<IndexFault> one(
      Engagement engagement, int number, Map<EngagementKey, Integer> seen, List<Field> mandatory) {
    return ContractTime.problem(engagement.mostRecentContent())
        .map(text -> new IndexFault(Code.NONE, text))
        .or(() -> duplicate(engagement, number, seen))
        .or(() -> whiteSpace(engagement))
        .or(() -> reserved(Code.EI005, "logicalAddress", engagement.logicalAddress(), number))
        .or(() -> reserved(Code.EI006, "sourceSystem", engagement.sourceSystem(), number))
        .or(() -> missing(engagement, mandatory))
        .or(() -> tooLong(engagement, mandatory))
        .or(() -> time("creationTime", engagement.creationTime()))
        .or(() -> time("updateTime", engagement.updateTime()));
  }

  private static Optional<IndexFault> duplicate(
      Engagement engagement, int number, Map<EngagementKey, Integer> seen) {
    Integer earlier = seen.putIfAbsent(EngagementKey.of(engagement), number);
    return earlier == null
        ? Optional.empty()
        : fault(
            Code.EI002,
            "EngagementTransaction #"
                + earlier
                + " and #"
                + number
                + " have the same key. A key may occur once in a request, see rule Update-R1");
  }

  private static Optional<IndexFault> whiteSpace(Engagement engagement) {
    // Not of the owner, as callers know it.
    return firstField(engagement, MANDATORY, (field, value) -> !value.equals(value.strip()))
        .flatMap(field ->
            invalid("mandatory field \"" + field + "\" contains white space in beginning or end"));
  }

  private Optional<IndexFault> reserved(Code code, String field, String value, int number) {
    return settings.reserves(value)
        ? fault(
            code,
            "The "
                + field
                + " in EngagementTransaction #"
                + number
                + " is reserved and not allowed, hsa-id: "
                + IndexFault.echo(value))
        : Optional.empty();
  }

  private static Optional<IndexFault> missing(Engagement engagement, List<Field> mandatory) {
    return firstField(engagement, mandatory, (field, value) -> value.isBlank())
        .flatMap(field -> invalid("mandatory field \"" + field + "\" is missing"));
  }

  private static Optional<IndexFault> tooLong(Engagement engagement, List<Field> mandatory) {
    return firstField(engagement, mandatory, (field, value) -> value.length() > field.maxLength())
        .flatMap(field -> invalid("Field \"" + field + "\" is to long"));
  }

  private static Optional<IndexFault> time(String field, @Nullable String value) {
    return ContractTime.problem(value).flatMap(text -> invalid("Field \"" + field + "\": " + text));
  }

  private static Optional<String> firstField(
      Engagement engagement, List<Field> fields, Check check) {
    return fields.stream()
        .filter(field -> check.fails(field, field.value().apply(engagement)))
        .map(Field::name)
        .findFirst();
  }

  private static Optional<IndexFault> invalid(String text) {
    // Misspelt as callers know it.
    return fault(Code.EI004, "The payload does not validate, error messge: " + text);
  }

  private static Optional<IndexFault> fault(Code code, String text) {
    return Optional.of(new IndexFault(code, text));
  }

  private record Field(String name, int maxLength, Function<Engagement, String> value) {}

  private interface Check {
    boolean fails(Field field, String value);
  }
}
