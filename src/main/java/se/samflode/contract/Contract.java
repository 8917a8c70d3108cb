package se.samflode.contract;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An aggregated contract, as its descriptor under {@code contracts/rivta} tells; everything the
 * engine does for a contract follows from it. Immutable. Each field is explained in
 * docs/add-a-contract.md.
 *
 * <p>A <em>path</em> names elements below an element by their local names, such as {@code
 * patientId/id}.
 *
 * @param interaction what is asked, and all its names
 * @param kind the read model it belongs to, such as {@code lab-results}; {@code null} for none
 * @param index where the engagement index knows of content
 * @param called which address of an engagement is called
 * @param core the namespace of what stands below the children of request and response
 * @param request where the request says what
 * @param item the response's repeating element
 * @param result the response's result element; {@code null} if it has none
 * @param more the response's element that says that a page was cut; {@code null} if there is none
 * @param freshness how long an answer may be kept; the defaults if absent
 * @param limits how much of an answer is taken; the defaults if absent
 * @param timeouts how long an answer may take; the defaults if absent
 */
public record Contract(
    Interaction interaction,
    @Nullable String kind,
    IndexLookup index,
    CalledAddress called,
    String core,
    Request request,
    Item item,
    @Nullable Result result,
    @Nullable More more,
    Freshness freshness,
    Limits limits,
    Timeouts timeouts) {

  /**
   * Checks what the descriptor says by itself; {@link Contracts} compares it with the schemas.
   *
   * @throws IllegalArgumentException if a field is missing or wrong; the text says which
   */
  @SuppressWarnings("ConstantValue") // the descriptor may leave a value out
  public Contract {
    DescriptorRules.given(interaction, "interaction", "domain, operation, major and minor");
    DescriptorRules.require(
        kind == null || kind.matches("[a-z]+(-[a-z]+)*"),
        "kind must be small letters and hyphens, such as lab-results; leave it out for none");
    DescriptorRules.given(index, "index", "serviceDomain and categorizations");
    DescriptorRules.given(called, "called", "SOURCE_SYSTEM or LOGICAL_ADDRESS");
    DescriptorRules.text(core, "core", "a namespace, such as urn:riv:crm:requeststatus:1");
    DescriptorRules.given(request, "request", "where the request says what");
    DescriptorRules.given(item, "item", "the response's repeating element");
    DescriptorRules.require(
        more == null || request.refused() != null,
        "more needs request.refused, the child in which a producer's next page is asked for");
    freshness = freshness == null ? Freshness.DEFAULT : freshness;
    limits = limits == null ? Limits.DEFAULT : limits;
    timeouts = timeouts == null ? Timeouts.DEFAULT : timeouts;
  }

  /**
   * The index look-up of a contract.
   *
   * @param serviceDomain as indexed, such as {@code riv:crm:scheduling}
   * @param categorizations those that count; empty for all
   * @param upcoming whether the index is told of what is to come only, so that it is not told when
   *     an item's time passes; false if absent
   */
  public record IndexLookup(
      String serviceDomain, List<String> categorizations, @Nullable Boolean upcoming) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if a field is missing
     */
    public IndexLookup {
      DescriptorRules.text(
          serviceDomain, "index.serviceDomain", "a domain as indexed, such as riv:crm:scheduling");
      DescriptorRules.given(
          categorizations, "index.categorizations", "those that count, or [] where all do");
      categorizations = List.copyOf(categorizations);
      upcoming = Boolean.TRUE.equals(upcoming);
    }
  }

  /**
   * The request.
   *
   * @param resident the resident's identity
   * @param address the child that takes the address called; {@code null} if none does. With it the
   *     request is rebuilt for each call, without it the consumer's own is sent on
   * @param sourceSystem path of the source system that the consumer limits the question to
   * @param careUnit path of the care units that he limits it to
   * @param categorization path of what he limits it to, as indexed
   * @param refused child that means a single producer and is refused, and in which a producer's
   *     next page is asked for
   */
  public record Request(
      Resident resident,
      @Nullable String address,
      @Nullable String sourceSystem,
      @Nullable String careUnit,
      @Nullable String categorization,
      @Nullable String refused) {

    /**
     * Checks the shapes.
     *
     * @throws IllegalArgumentException if a field is missing or wrong
     */
    public Request {
      DescriptorRules.given(resident, "request.resident", "where the resident's identity stands");
      DescriptorRules.optionalName(address, "request.address");
      DescriptorRules.optionalPath(sourceSystem, "request.sourceSystem");
      DescriptorRules.optionalPath(careUnit, "request.careUnit");
      DescriptorRules.optionalPath(categorization, "request.categorization");
      DescriptorRules.optionalName(refused, "request.refused");
    }
  }

  /**
   * The resident in a request.
   *
   * @param element the child of the request
   * @param id its child that holds the identity; {@code null} if the element itself does
   * @param type its child that holds the identity's OID; {@code null} if nothing does
   */
  public record Resident(String element, @Nullable String id, @Nullable String type) {

    /**
     * Checks the shapes.
     *
     * @throws IllegalArgumentException if a field is missing or wrong
     */
    public Resident {
      DescriptorRules.name(
          element, "request.resident.element", "the child of the request, such as patientId");
      DescriptorRules.optionalName(id, "request.resident.id");
      DescriptorRules.optionalName(type, "request.resident.type");
      DescriptorRules.require(
          type == null || id != null,
          "request.resident.type needs request.resident.id beside it: both are children of "
              + element);
    }

    /** The path of the identity. */
    public String path() {
      return id == null ? element : element + '/' + id;
    }
  }

  /**
   * The repeating element of the response, in the interaction's namespace.
   *
   * @param element its name
   * @param type its type in the schema, in the namespace {@code core}
   * @param resident path of the identity it is about
   * @param careUnit path of the care unit it belongs to; {@code null} if it tells none
   * @param momentary paths of what holds for a moment only and may change without an index update:
   *     told only of what was fetched just now, and never compared; so each must be optional in the
   *     schema; none if absent
   */
  public record Item(
      String element,
      String type,
      String resident,
      @Nullable String careUnit,
      List<String> momentary) {

    /**
     * Checks the shapes.
     *
     * @throws IllegalArgumentException if a field is missing or wrong
     */
    @SuppressWarnings("ConstantValue") // the descriptor may leave it out
    public Item {
      DescriptorRules.name(
          element, "item.element", "the response's repeating element, such as careContact");
      DescriptorRules.name(type, "item.type", "its type in the core schema, without prefix");
      DescriptorRules.path(
          resident, "item.resident", "the path of the identity it is about, below the item");
      DescriptorRules.optionalPath(careUnit, "item.careUnit");
      momentary = momentary == null ? List.of() : List.copyOf(momentary);
      momentary.forEach(path -> DescriptorRules.optionalPath(path, "item.momentary"));
    }
  }

  /**
   * The result element of a response. One whose {@code resultCode} is ERROR fails the source.
   *
   * @param namespace its namespace; {@code null} for the interaction's
   * @param text its child with a text for people
   * @param aggregated what the result of an aggregated answer holds beside that text, in this
   *     order; empty if an aggregated answer has no result
   */
  public record Result(@Nullable String namespace, String text, Map<String, String> aggregated) {

    /**
     * Copies the map and keeps its order.
     *
     * @throws IllegalArgumentException if a field is missing or wrong
     */
    @SuppressWarnings("ConstantValue") // the descriptor may leave it out
    public Result {
      DescriptorRules.name(text, "result.text", "its child with a text for people");
      DescriptorRules.require(
          namespace == null || aggregated == null || aggregated.isEmpty(),
          "result.aggregated is written in the interaction's namespace; leave out result.namespace"
              + " or result.aggregated");
      aggregated =
          aggregated == null
              ? Map.of()
              : Collections.unmodifiableMap(new LinkedHashMap<>(aggregated));
    }
  }

  /**
   * The element that says where a producer's next page is.
   *
   * @param element its name, in the interaction's namespace
   * @param address its child with the logical address that has the page
   * @param reference its child with the mark of the page
   */
  public record More(String element, String address, String reference) {

    /**
     * Checks the shapes.
     *
     * @throws IllegalArgumentException if a field is missing or wrong
     */
    public More {
      DescriptorRules.name(element, "more.element", "the element that says that there is more");
      DescriptorRules.name(address, "more.address", "its child with the address that has the page");
      DescriptorRules.name(reference, "more.reference", "its child with the mark of the page");
    }
  }

  /**
   * How long a producer's answer may be kept while the index knows of no change.
   *
   * @param unproven where the producer has not proven that it indexes its changes, 1 s to 12 h
   */
  public record Freshness(Duration unproven) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** The longest that a descriptor can say. */
    public static final Duration LONGEST = Duration.ofHours(12);

    /** What holds for a contract that says nothing. */
    static final Freshness DEFAULT = new Freshness(Duration.ofMinutes(5));

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the value is missing or out of its range
     */
    public Freshness {
      DescriptorRules.given(unproven, "freshness.unproven", "a duration, such as 60s");
      DescriptorRules.require(
          unproven.compareTo(SHORTEST) >= 0 && unproven.compareTo(LONGEST) <= 0,
          "freshness.unproven must be 1s to 12h");
    }
  }

  /**
   * How much of a producer's answer is taken.
   *
   * @param answerMegabytes largest answer to one call, MB, 1 to 256; {@code null} for what holds on
   *     the node
   * @param pages most pages that are read of one address where a producer cuts its answer, 1 to
   *     1,000; 20 if absent
   */
  public record Limits(@Nullable Integer answerMegabytes, Integer pages) {

    /** What holds for a contract that says nothing. */
    static final Limits DEFAULT = new Limits(null, 20);

    /**
     * Checks ranges and fills in what is absent.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    @SuppressWarnings("ConstantValue") // the descriptor may leave a value out
    public Limits {
      pages = pages == null ? 20 : pages;
      DescriptorRules.require(
          answerMegabytes == null || (answerMegabytes >= 1 && answerMegabytes <= 256),
          "limits.answerMegabytes must be 1 to 256");
      DescriptorRules.require(pages >= 1 && pages <= 1000, "limits.pages must be 1 to 1000");
    }
  }

  /**
   * How long an answer may take. A call is shorter than an answer, and that is shorter than callers
   * wait, who give up after 35 s or later.
   *
   * @param call until a producer's answer has been read to its end, where its own entry does not
   *     say, 500 ms to 25 s; 15 s if absent
   * @param answer until a SOAP answer goes out with what has come, 26 to 34 s; 27 s if absent
   */
  public record Timeouts(Duration call, Duration answer) {

    /** What holds for a contract that says nothing. */
    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(15), Duration.ofSeconds(27));

    /**
     * Checks ranges and fills in what is absent.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    @SuppressWarnings("ConstantValue") // the descriptor may leave a value out
    public Timeouts {
      call = call == null ? Duration.ofSeconds(15) : call;
      answer = answer == null ? Duration.ofSeconds(27) : answer;
      DescriptorRules.require(
          call.toMillis() >= 500 && call.toMillis() <= 25_000,
          "timeouts.call must be 500ms to 25s");
      DescriptorRules.require(
          answer.toMillis() >= 26_000 && answer.toMillis() <= 34_000,
          "timeouts.answer must be 26s to 34s");
    }
  }

  /** The name by which files and metrics know it, such as {@code GetSubjectOfCareSchedule 1}. */
  public String name() {
    return interaction.name();
  }

  /** Of what tells contracts apart, since it is a key at every question. */
  @Override
  public int hashCode() {
    return interaction.hashCode();
  }
}
