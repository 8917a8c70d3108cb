package se.samflode.contract;

/**
 * Follows a stream of elements and tells where a path is reached. Names are compared without their
 * namespaces. For one thread.
 */
final class ElementPath {

  private final String[] steps;
  private int depth;
  private int matched;

  /**
   * @param path below the element at which the stream begins, such as {@code patientId/id}
   */
  ElementPath(String path) {
    this.steps = path.split("/");
  }

  /** Takes the start of an element; tells whether it is the one the path leads to. */
  boolean start(String localName) {
    depth++;
    if (matched == depth - 1 && matched < steps.length && steps[matched].equals(localName)) {
      matched = depth;
      return matched == steps.length;
    }
    return false;
  }

  /** Takes the end of an element; tells whether it was the one the path leads to. */
  boolean end() {
    boolean reached = matched == depth && matched == steps.length;
    if (matched == depth) {
      matched--;
    }
    depth--;
    return reached;
  }

  /** Whether the stream is within the element the path leads to. */
  boolean inside() {
    return matched == steps.length;
  }
}
