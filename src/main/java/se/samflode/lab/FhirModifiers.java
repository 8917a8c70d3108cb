package se.samflode.lab;

import org.hl7.fhir.r4.model.BackboneElement;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Resource;
import se.samflode.lab.LabFault.Code;

/** What changes the meaning of the rest of a Bundle. Stateless, thread-safe. */
final class FhirModifiers {

  private FhirModifiers() {}

  /** Such a thing cannot be left out, wherever it stands, and is not understood. */
  static void refuse(Bundle bundle) throws LabRejected {
    refuse(bundle, "Bundle");
  }

  private static void refuse(Base element, String at) throws LabRejected {
    if (element instanceof Resource resource && resource.hasImplicitRules()) {
      throw refused(at + ".implicitRules");
    }
    if ((element instanceof DomainResource resource && resource.hasModifierExtension())
        || (element instanceof BackboneElement backbone && backbone.hasModifierExtension())) {
      throw refused(at + ".modifierExtension");
    }
    for (Property property : element.children()) {
      String below = at + "." + property.getName().replace("[x]", "");
      int i = 0;
      for (Base value : property.getValues()) {
        if (!value.isPrimitive()) {
          String path = property.isList() ? below + "[" + i + "]" : below;
          refuse(
              value,
              value instanceof Resource resource
                  ? path + ".ofType(" + resource.fhirType() + ")"
                  : path);
        }
        i++;
      }
    }
  }

  private static LabRejected refused(String path) {
    return new LabRejected(
        Code.UNSUPPORTED, path, "this changes the meaning of the rest and is not understood");
  }
}
