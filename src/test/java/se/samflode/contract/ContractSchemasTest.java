package se.samflode.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.wsdl.BindingOperation;
import javax.wsdl.Definition;
import javax.wsdl.Message;
import javax.wsdl.Operation;
import javax.wsdl.WSDLException;
import javax.wsdl.extensions.schema.Schema;
import javax.wsdl.extensions.soap.SOAPOperation;
import javax.wsdl.factory.WSDLFactory;
import javax.wsdl.xml.WSDLReader;
import javax.xml.namespace.QName;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.validation.Validator;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;
import se.samflode.mockregions.OriginalSchemas;
import se.samflode.testing.SchemaFiles;

/** What the schemas and WSDLs in contracts/rivta promise. */
class ContractSchemasTest {

  private static final Logger LOG = LoggerFactory.getLogger(ContractSchemasTest.class);

  /** Made per contract; as many broken ones come beside. */
  private static final int DOCUMENTS = Integer.getInteger("schemas.documents", 1000);

  private static final long SEED = Long.getLong("schemas.seed", System.nanoTime());

  /** SOAPActions that do not follow from the name; published so. */
  private static final Map<String, String> IRREGULAR =
      Map.of(
          "GetCareContacts 2",
          "urn:riv:ehr:patientsummary:GetCareContactsResponder:2:GetCareContacts",
          "GetCarePlans 2",
          "urn:riv:clinicalprocess:logistics:GetCarePlansResponder:2:GetCarePlans");

  private static final QName ADDRESS =
      new QName("urn:riv:itintegration:registry:1", "LogicalAddress");

  static Stream<Named<Interaction>> interactions() throws IOException {
    return PublishedContracts.interactions().stream().map(each -> Named.of(each.name(), each));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("interactions")
  void wsdlHasTheNamesOfItsInteraction(Interaction interaction) throws Exception {
    // when
    Definition wsdl = wsdl(interaction);

    // then
    assertThat(wsdl.getTargetNamespace()).isEqualTo(interaction.service().getNamespaceURI());
    BindingOperation binding =
        wsdl.getService(interaction.service())
            .getPort(interaction.port().getLocalPart())
            .getBinding()
            .getBindingOperation(interaction.operation(), null, null);
    Operation operation = binding.getOperation();
    assertThat(element(operation.getInput().getMessage(), "parameters"))
        .isEqualTo(interaction.request());
    assertThat(element(operation.getInput().getMessage(), "LogicalAddress")).isEqualTo(ADDRESS);
    assertThat(element(operation.getOutput().getMessage(), "parameters"))
        .isEqualTo(interaction.response());
    List<?> extensions = binding.getExtensibilityElements();
    assertThat(
            extensions.stream()
                .filter(SOAPOperation.class::isInstance)
                .map(soap -> ((SOAPOperation) soap).getSoapActionURI()))
        .containsExactly(IRREGULAR.getOrDefault(interaction.name(), interaction.soapAction()));
  }

  @Test
  void everySchemaCompilesAndIsInUseAndNothingIsReadFromElsewhere() throws Exception {
    // given
    List<Path> expected = PublishedContracts.files(".xsd");
    Set<Path> imported = new TreeSet<>();

    // when
    for (Path file : expected) {
      PublishedContracts.compile(file);
    }
    for (Interaction interaction : PublishedContracts.interactions()) {
      for (Object types : wsdl(interaction).getTypes().getExtensibilityElements()) {
        PublishedContracts.compile(
            new DOMSource(
                ((Schema) types).getElement(),
                PublishedContracts.wsdl(interaction).toUri().toString()),
            imported);
      }
    }

    // then
    assertThat(imported).containsExactlyElementsOf(expected);
    assertThat(PublishedContracts.interactions())
        .extracting(PublishedContracts::wsdl)
        .containsExactlyElementsOf(PublishedContracts.files(".wsdl"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("interactions")
  void judgesAsThePublishedSchemaDoes(Interaction interaction) throws Exception {
    // given
    LOG.info("schemas.seed={}", SEED);
    Random random = new Random(SEED);
    OriginalSchemas originals = OriginalSchemas.atHand(interaction);
    Path file = PublishedContracts.responder(interaction);
    List<String> ours = SchemaFiles.withImports(file, UnaryOperator.identity());
    Judges judges =
        new Judges(
            PublishedContracts.compile(file).newValidator(),
            originals.schema().newValidator(),
            interaction.domain());
    List<String> differing = new ArrayList<>();

    // when
    int valid = 0;
    int unbroken = 0;
    for (List<String> schemas : List.of(ours, originals.texts())) {
      SchemaDocuments documents = new SchemaDocuments(schemas, random);
      for (int i = 0; i < DOCUMENTS / 2; i++) {
        Document whole =
            documents.next(i % 2 == 0 ? interaction.request() : interaction.response());
        Document broken = (Document) whole.cloneNode(true);
        Breakage.one(random).in(broken, random);
        differing.addAll(judges.differingOn(whole));
        differing.addAll(judges.differingOn(broken));
        valid += judges.anyTakes(whole) ? 1 : 0;
        unbroken += judges.anyTakes(broken) ? 1 : 0;
      }
    }

    // then
    assertThat(differing.stream().limit(3)).as("with -Dschemas.seed=%d", SEED).isEmpty();
    assertThat(valid).isEqualTo(DOCUMENTS);
    assertThat(unbroken).isBetween(DOCUMENTS / 10, DOCUMENTS - DOCUMENTS / 10);
  }

  /** Our schema and the original. */
  private record Judges(Validator ours, Validator original, String domain) {

    /** The document where the two differ about it, for another reason than the traps. */
    List<String> differingOn(Document document) throws IOException, TransformerException {
      boolean byOurs = takes(ours, document);
      return byOurs == takes(original, Trap.without(document, domain))
          ? List.of()
          : List.of((byOurs ? "ours takes " : "ours refuses ") + text(document));
    }

    boolean anyTakes(Document document) throws IOException {
      return takes(ours, document) || takes(original, document);
    }

    private static boolean takes(Validator validator, Document document) throws IOException {
      try {
        validator.validate(new DOMSource(document));
        return true;
      } catch (SAXException e) {
        return false;
      }
    }

    private static String text(Document document) throws TransformerException {
      StringWriter text = new StringWriter();
      TransformerFactory.newDefaultInstance()
          .newTransformer()
          .transform(new DOMSource(document), new StreamResult(text));
      return text.toString();
    }
  }

  private static QName element(Message message, String part) {
    return message.getPart(part).getElementName();
  }

  private static Definition wsdl(Interaction interaction) throws WSDLException {
    WSDLReader reader = WSDLFactory.newInstance().newWSDLReader();
    reader.setFeature("javax.wsdl.verbose", false);
    return reader.readWSDL(PublishedContracts.wsdl(interaction).toUri().toString());
  }
}
