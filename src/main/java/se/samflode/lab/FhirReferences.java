package se.samflode.lab;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** What references within a Bundle lead to. For one thread. */
final class FhirReferences {

  private final Map<String, Found> found = new HashMap<>();
  private final Map<String, Found> byId = new HashMap<>();
  private final Set<String> ambiguous = new HashSet<>();

  /** A resource, and where it stands. */
  record Found(Resource resource, String path) {}

  FhirReferences(Bundle bundle) {
    int i = 0;
    for (BundleEntryComponent entry : bundle.getEntry()) {
      Resource resource = entry.getResource();
      if (resource != null) {
        Found at = new Found(resource, path(i, resource));
        if (entry.hasFullUrl()) {
          String url = entry.getFullUrl();
          if (found.put(url, at) != null) {
            ambiguous.add(url);
          }
        }
        if (resource.getIdElement().hasIdPart()) {
          String id = resource.fhirType() + "/" + resource.getIdElement().getIdPart();
          if (byId.put(id, at) != null) {
            ambiguous.add(id);
          }
        }
      }
      i++;
    }
  }

  /** Where a resource of an entry stands, as FHIRPath has it. */
  static String path(int entry, Resource resource) {
    return "Bundle.entry[" + entry + "].resource.ofType(" + resource.fhirType() + ")";
  }

  /**
   * What a reference leads to, in the Bundle or contained in its own resource; {@code null} if it
   * leads nowhere or is none.
   */
  @Nullable Found of(Reference reference) {
    if (!reference.hasReference()) {
      return null;
    }
    String url = reference.getReference();
    if (ambiguous.contains(url)) {
      return null;
    }
    Found inBundle = found.get(url);
    if (inBundle != null) {
      return inBundle;
    }
    // HAPI's parser ties other references to entries too, by type and id alone, whatever their
    // server.
    if (url.startsWith("#")) {
      return reference.getResource() instanceof Resource resource
          ? new Found(resource, "contained(" + resource.fhirType() + ")")
          : null;
    }
    // A relative reference means the one entry with that id; an absolute one only what has its URL,
    // since the same id elsewhere is another's.
    return url.contains(":") ? null : byId.get(url);
  }
}
