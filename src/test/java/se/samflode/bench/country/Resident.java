package se.samflode.bench.country;

import java.util.List;

/** One account: a number, and what there is to read. */
record Resident(int number, List<Fragment> fragments) {

  /** Copies the list. */
  Resident {
    fragments = List.copyOf(fragments);
  }

  /** What is read when this kind is asked for. */
  List<Fragment> of(Content content) {
    return fragments.stream().filter(fragment -> fragment.content() == content).toList();
  }

  /** Whose version an index update of one raises: those of its domain at its address. */
  List<Fragment> versionedWith(Fragment one) {
    return fragments.stream()
        .filter(other ->
            other.place().equals(one.place())
                && other.content().domain().equals(one.content().domain()))
        .toList();
  }
}
