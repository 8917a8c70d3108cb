package se.samflode.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import se.samflode.mockregions.Resident;

/** Asks some questions, so that the newcomer's first is not the one that loads all classes. */
final class WarmUp {

  private static final int QUESTIONS = 20;

  private WarmUp() {}

  static void run(DemoSystem system) {
    List<Resident> residents =
        system.regions().residents().stream()
            .filter(r -> r.kind() != Resident.Kind.RESERVE)
            .limit(QUESTIONS)
            .toList();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (Resident resident : residents) {
        String token =
            system.issuer().token(system.issuer().claims(resident.id(), InstantSource.system()));
        http.send(
            HttpRequest.newBuilder(
                    URI.create("http://localhost:" + system.port() + "/api/v1/bookings"))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.discarding());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    system.regions().clearCalls();
  }
}
