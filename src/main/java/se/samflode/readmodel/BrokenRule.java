package se.samflode.readmodel;

/** A rule of the contract that an item breaks; never leaves this package. */
final class BrokenRule extends Exception {

  private static final long serialVersionUID = 1L;

  private final String rule;

  /**
   * @param rule in terms of the contract's elements; must repeat no value of the item
   */
  BrokenRule(String rule) {
    super(rule, null, false, false);
    this.rule = rule;
  }

  String rule() {
    return rule;
  }
}
