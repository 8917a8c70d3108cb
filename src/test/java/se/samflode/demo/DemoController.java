package se.samflode.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import se.samflode.api.rest.Problem;
import se.samflode.api.rest.ProblemException;
import se.samflode.contract.Reason;
import se.samflode.identity.InvalidIdentity;
import se.samflode.identity.PersonId;
import se.samflode.identity.PersonalIdentityNumber;
import se.samflode.readmodel.Kind;

/** A page to try the JSON API, and what it needs: tokens and residents of the demo. */
@TestComponent
@RestController
@RequestMapping("/demo")
class DemoController {

  private static final String PARAMETER = "personalIdentityNumber";

  private final DemoIssuer issuer;
  private final Supplier<List<DemoResident>> residents;
  private final Clock clock;

  DemoController(DemoIssuer issuer, Supplier<List<DemoResident>> residents, Clock clock) {
    this.issuer = issuer;
    this.residents = residents;
    this.clock = clock;
  }

  @GetMapping(produces = "text/html;charset=UTF-8")
  Resource page() {
    return new ClassPathResource("demo/page.html");
  }

  /** What can be asked below {@code /api/v1/}. */
  @GetMapping("/kinds")
  List<String> kinds() {
    return Arrays.stream(Kind.values()).map(Kind::path).toList();
  }

  /** Why a source can be missing, each with its text for people. */
  @GetMapping("/reasons")
  Map<String, String> reasons() {
    return Arrays.stream(Reason.values()).collect(Collectors.toMap(Reason::code, Reason::text));
  }

  @GetMapping("/residents")
  List<DemoResident> residents() {
    return residents.get();
  }

  /** A token about one of the residents, as the field's issuers make it. */
  @PostMapping("/token")
  TokenAnswer token(@RequestBody TokenRequest request) {
    PersonId asked = identity(request.personalIdentityNumber());
    if (residents.get().stream()
        .noneMatch(resident -> identity(resident.personalIdentityNumber()).equals(asked))) {
      throw new ProblemException(Problem.NOT_FOUND, PARAMETER);
    }
    return new TokenAnswer(
        issuer.token(issuer.claims(asked.value(), clock)), "Bearer", DemoIssuer.LIFE.toSeconds());
  }

  /** A token of the demo's lab that pushes over HTTP. */
  @PostMapping("/lab-token")
  TokenAnswer labToken() {
    return new TokenAnswer(
        issuer.token(issuer.labClaims(clock)), "Bearer", DemoIssuer.LIFE.toSeconds());
  }

  private PersonId identity(@Nullable String text) {
    try {
      return PersonalIdentityNumber.parse(text == null ? "" : text, clock).personId();
    } catch (InvalidIdentity e) {
      throw new ProblemException(Problem.INVALID_PARAMETER, PARAMETER);
    }
  }

  record TokenRequest(@Nullable String personalIdentityNumber) {

    @Override
    public String toString() {
      return "TokenRequest[redacted]";
    }
  }

  /** Spring writes what is answered into its log at DEBUG: hence no map. */
  record TokenAnswer(
      @JsonProperty("access_token") String accessToken,
      @JsonProperty("token_type") String tokenType,
      @JsonProperty("expires_in") long expiresIn) {

    @Override
    public String toString() {
      return "TokenAnswer[redacted]";
    }
  }
}
