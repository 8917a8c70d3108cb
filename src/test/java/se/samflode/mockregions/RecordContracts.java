package se.samflode.mockregions;

import static se.samflode.mockregions.Soap.path;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import se.samflode.config.YamlFiles;

/** What {@code contracts.yaml} says; its head comment explains the keys. */
record RecordContracts(Map<String, Kind> kinds, List<Contract> contracts) {

  static RecordContracts read() {
    return YamlFiles.read(
        new FileSystemResource(MockRegions.FOLDER.resolve("contracts.yaml")),
        RecordContracts.class);
  }

  /** Those of a system, by their names. */
  List<Contract> of(RegionsFile.RecordSystem system) {
    return contracts.stream().filter(c -> system.contracts().contains(c.name())).toList();
  }

  record Kind(String serviceDomain, @Nullable String categorization) {}

  record Contract(
      String name,
      String domain,
      int core,
      String kind,
      List<String> patient,
      Map<String, String> filters,
      String from,
      String to,
      @Nullable String page,
      boolean tellsNullified) {

    /** Where the request's own element stands, and from where all other paths go on. */
    String question() {
      return path(responder(), interaction());
    }

    /** Where an element stands: the request's child is of the responder, the rest of the core. */
    String at(String names) {
      String[] steps = names.split("/", -1);
      String child = question() + "/" + path(responder(), steps[0]);
      return steps.length == 1 ? child : child + "/" + path(coreNamespace(), steps[1]);
    }

    private String interaction() {
      return name.substring(0, name.indexOf(' '));
    }

    private String responder() {
      return "urn:riv:"
          + domain
          + ":"
          + interaction()
          + "Responder:"
          + name.replaceFirst(".* ", "");
    }

    private String coreNamespace() {
      return "urn:riv:" + domain + ":" + core;
    }
  }
}
