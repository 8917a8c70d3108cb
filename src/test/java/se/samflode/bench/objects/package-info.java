/** The aggregator that the engine is compared with: it binds every answer to objects. */
@NullMarked
@XmlSchema(namespace = LabOutcome.CORE, elementFormDefault = XmlNsForm.QUALIFIED)
package se.samflode.bench.objects;

import jakarta.xml.bind.annotation.XmlNsForm;
import jakarta.xml.bind.annotation.XmlSchema;
import org.jspecify.annotations.NullMarked;
