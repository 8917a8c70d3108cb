package se.samflode.demo;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;

/** The demo: {@code mvn spring-boot:test-run}. Prints what runs where and what to try. */
public final class DemoApplication {

  private static final long SEED = 21;

  private DemoApplication() {}

  /** Starts everything on the ports that the README names, and runs until it is stopped. */
  public static void main(String[] args) {
    LocalDate today = LocalDate.now(ZoneId.of("Europe/Stockholm"));
    DemoSystem system =
        DemoSystem.start(
            new DemoSystem.Settings(SEED, today, true),
            Map.of(
                "samflode.lab.mllp.port",
                2575,
                "samflode.lab.mllp.address",
                "127.0.0.1",
                "samflode.lab.mllp.plain-sender",
                "gotalab"));
    Runtime.getRuntime().addShutdownHook(new Thread(system.regions()::close, "stop-regions"));
    WarmUp.run(system);
    System.out.print(
        """

        ----------------------------------------------------------------------------------------
        Samflöde runs.
          http://localhost:8080   the application: JSON under /api/v1, SOAP under /rivta, labs push to /fhir/R4
          localhost:2575          HL7 v2 over MLLP, for labs
          http://localhost:8080/demo   a page to try the JSON API
          http://localhost:8081   management: /actuator/health, /actuator/prometheus
          http://localhost:8090   control of the mock regions, which listen on 8101 to 8121
          PostgreSQL is embedded, the index was filled over SOAP by the regions (%d residents).
          One region is down from the start: Region Gotland.

        Try it, in another terminal (bash with curl):

        1. A token for the first resident of the demo:
           TOKEN=$(curl -s localhost:8080/demo/residents | grep -o '[0-9]\\{12\\}' | head -1 | sed 's/.*/{"personalIdentityNumber":"&"}/' | curl -s localhost:8080/demo/token -H 'Content-Type: application/json' -d @- | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')

        2. The resident's booked times; Gotland stands under sources, FAILED, and complete is false:
           curl -s localhost:8080/api/v1/bookings -H "Authorization: Bearer $TOKEN"

        3. The resident's lab results, newest first; all eight kinds stand in contracts/openapi:
           curl -s localhost:8080/api/v1/lab-results -H "Authorization: Bearer $TOKEN"

        4. Gotland comes back, and the first question has a complete answer:
           curl -s -X PUT localhost:8090/__mock/regions/gotland/behaviour -d '{"delayMs":0,"fault":null}'; curl -s localhost:8080/api/v1/bookings -H "Authorization: Bearer $TOKEN"

        5. A lab pushes a result of that resident, and it stands among the lab results (3):
           sed "s/RESIDENT/$(curl -s localhost:8080/demo/residents | grep -o '[0-9]\\{12\\}' | head -1)/" mock-regions/lab-result.json | curl -s localhost:8080/fhir/R4 -H "Authorization: Bearer $(curl -s -X POST localhost:8080/demo/lab-token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')" -H 'Content-Type: application/fhir+json' -d @-

        Ctrl-C stops everything.
        ----------------------------------------------------------------------------------------
        """
            .formatted(system.regions().residents().size()));
  }
}
