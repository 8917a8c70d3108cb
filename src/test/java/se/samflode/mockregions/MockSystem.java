package se.samflode.mockregions;

import java.util.List;
import java.util.Map;

/** One simulated system: reads questions, writes answers. Thread-safe. */
interface MockSystem {

  /**
   * A question that a real system would answer.
   *
   * @param contract interaction and major version
   * @param resident who is asked about
   * @param texts what the question says, by path, as {@link Soap#texts} gives it
   */
  record Ask(String contract, String resident, Map<String, List<String>> texts) {

    @Override
    public String toString() {
      return "Ask[" + contract + ", resident redacted]";
    }
  }

  /**
   * Reads a question and checks what the contract demands of it.
   *
   * @throws Soap.Refused if it is no well-formed question for this system
   */
  Ask read(Map<String, List<String>> texts) throws Soap.Refused;

  /** The answer that the resident's data gives. */
  byte[] answer(Ask ask);

  /** The same with an item about another resident in it, if the system has any. */
  byte[] answerWithAnother(Ask ask);
}
