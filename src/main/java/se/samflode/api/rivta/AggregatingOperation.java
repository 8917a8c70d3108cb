package se.samflode.api.rivta;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import se.samflode.access.Consumer;
import se.samflode.access.Consumers;
import se.samflode.api.Room;
import se.samflode.api.Rooms;
import se.samflode.contract.Actor;
import se.samflode.contract.ConsumerRequest;
import se.samflode.contract.Contract;
import se.samflode.contract.Interaction;
import se.samflode.contract.PlatformSettings;
import se.samflode.federation.Answer;
import se.samflode.federation.Asker;
import se.samflode.federation.Federation;
import se.samflode.federation.NotStarted;
import se.samflode.federation.Question;
import se.samflode.federation.ReadYourWrites;
import se.samflode.federation.TraceParent;
import se.samflode.federation.Wanted;
import se.samflode.identity.PersonId;

/**
 * Answers an aggregated contract as today's aggregating service does: what the producers wrote, put
 * together, with the header ProcessingStatus. Thread-safe.
 */
final class AggregatingOperation implements SoapOperation {

  static final String SENDER = "x-vp-sender-id";
  static final String ORIGINAL_CONSUMER = Question.ORIGINAL_CONSUMER;
  private static final String CORRELATION = SoapCorrelation.HEADER;

  /** A question is copied for each address asked, so it is held shorter than an update. */
  private static final int LARGEST_QUESTION = 128 * 1024;

  private static final Pattern WRITTEN_AS_CONTRACTS_SAY = Pattern.compile("[0-9]{8}[0-9A-Zptf]{4}");

  private final Contract contract;
  private final Federation federation;
  private final Consumers consumers;
  private final PlatformSettings platform;

  AggregatingOperation(
      Contract contract, Federation federation, Consumers consumers, PlatformSettings platform) {
    this.contract = contract;
    this.federation = federation;
    this.consumers = consumers;
    this.platform = platform;
  }

  @Override
  public Interaction interaction() {
    return contract.interaction();
  }

  @Override
  public Room room(Rooms rooms) {
    return rooms.questions();
  }

  @Override
  public int largestRequest() {
    return LARGEST_QUESTION;
  }

  @Override
  public List<String> mandatoryHeaders() {
    return List.of(SENDER, ORIGINAL_CONSUMER, CORRELATION);
  }

  @Override
  public SoapAnswer answer(SoapRequest request) {
    ConsumerRequest read =
        request.read(xml -> ConsumerRequest.read(xml, request.scope(), contract));
    if (read.refused()) {
      throw new Refusal(
          contract.request().refused()
              + " must not be sent to an aggregating service; ask the producer that told it");
    }
    Answer answer = ask(question(request, read));
    if (answer.outcomes().isEmpty()
        && answer.complete()
        && !WRITTEN_AS_CONTRACTS_SAY.matcher(read.resident()).matches()) {
      // Else one that is spelled otherwise than it is indexed would pass for a whole, empty answer.
      answer.close();
      throw new Refusal(
          "Nothing is known of "
              + contract.request().resident().path()
              + ", and it is not written as YYYYMMDD and four characters of 0-9, A-Z, p, t and f,"
              + " without a hyphen");
    }
    return new SoapAnswer(
        out -> AggregatedBody.write(contract, answer, out),
        ProcessingStatus.of(answer),
        Map.of(CORRELATION, header(request, CORRELATION)),
        answer::close);
  }

  private Answer ask(Question question) {
    try {
      return federation.ask(question);
    } catch (NotStarted e) {
      throw new Refusal("The service is starting; ask again in a few seconds");
    }
  }

  private PersonId resident(ConsumerRequest read) {
    String value = read.resident();
    if (value.isEmpty() || value.length() > PersonId.MAX_LENGTH) {
      throw new Refusal(
          contract.request().resident().path()
              + " is mandatory and has 1 to "
              + PersonId.MAX_LENGTH
              + " characters");
    }
    return new PersonId(value);
  }

  private Question question(SoapRequest request, ConsumerRequest read) {
    PersonId resident = resident(read);
    Actor actor = request.actor().orElse(null);
    boolean aboutHimself =
        actor != null
            && Actor.SUBJECT_OF_CARE.equals(actor.actorType())
            && resident.value().equals(actor.actorId());
    Map<String, String> headers = new HashMap<>();
    headers.put(SENDER, header(request, SENDER));
    headers.put("x-vp-instance-id", platform.instanceId());
    headers.put(ORIGINAL_CONSUMER, header(request, ORIGINAL_CONSUMER));
    headers.put(CORRELATION, header(request, CORRELATION));
    String trace = request.httpHeader(TraceParent.HEADER);
    if (trace != null && TraceParent.isValid(trace)) {
      headers.put(TraceParent.HEADER, trace);
    }
    return new Question(
        Wanted.original(contract, resident, read),
        new Asker(known(request), aboutHimself),
        actor,
        shaping(request),
        headers,
        request.loggedId(),
        ReadYourWrites.isAskedBy(request.httpHeader(ReadYourWrites.HEADER)),
        contract.timeouts().answer());
  }

  /** The systems in the chain that are listed; a call of none of them is refused. */
  private List<Consumer> known(SoapRequest request) {
    List<Consumer> known = new ArrayList<>();
    for (String name : List.of(SENDER, ORIGINAL_CONSUMER)) {
      Optional<Consumer> consumer = consumers.byHsaId(header(request, name));
      consumer.ifPresent(known::add);
    }
    if (known.isEmpty()) {
      throw new Refusal("Neither " + SENDER + " nor " + ORIGINAL_CONSUMER + " is a known consumer");
    }
    return known;
  }

  /** Other headers of the profile pass unchanged; a producer may answer by them. */
  private static Map<String, String> shaping(SoapRequest request) {
    Map<String, String> shaping = new HashMap<>();
    for (String name : request.httpHeaderNames()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith("x-rivta-") && !lower.equals(ORIGINAL_CONSUMER)) {
        shaping.put(lower, header(request, name));
      }
    }
    return shaping;
  }

  private static String header(SoapRequest request, String name) {
    @Nullable String value = request.httpHeader(name);
    return value == null ? "" : value;
  }
}
