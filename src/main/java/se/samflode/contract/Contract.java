package se.samflode.contract;

import java.util.List;

/**
 * An aggregated contract, as its descriptor under {@code contracts/rivta} tells. Immutable.
 *
 * @param interaction what is asked, and all its names
 * @param index where the engagement index knows of content
 * @param called which address of an engagement is called
 * @param request the children of the request that is sent to producers
 * @param item the response's repeating element, in the interaction's namespace
 */
public record Contract(
    Interaction interaction,
    IndexLookup index,
    CalledAddress called,
    Request request,
    String item) {

  /**
   * The index look-up of a contract.
   *
   * @param serviceDomain as indexed, such as {@code riv:crm:scheduling}
   * @param categorizations those that count; empty for all
   */
  public record IndexLookup(String serviceDomain, List<String> categorizations) {
    /** Copies the list. */
    public IndexLookup {
      categorizations = List.copyOf(categorizations);
    }
  }

  /**
   * The request's children, both in the interaction's namespace.
   *
   * @param address the element that takes the address called
   * @param resident the element that takes the resident's identity
   */
  public record Request(String address, String resident) {}

  /** The name by which files and metrics know it, such as {@code GetSubjectOfCareSchedule 1}. */
  public String name() {
    return interaction.name();
  }
}
