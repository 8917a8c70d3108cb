package se.samflode.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;
import org.xmlunit.builder.DiffBuilder;
import se.samflode.identity.LogicalAddress;
import se.samflode.identity.PersonId;

class RequestBodyTest {

  private static final Contracts CONTRACTS = new Contracts();
  private static final LogicalAddress ADDRESS = new LogicalAddress("SE2321000016-A001");
  private static final PersonId RESIDENT = new PersonId("202312302397");
  private static final PersonId RESERVE = new PersonId("99reserve<1>");

  static List<Contract> contracts() {
    return CONTRACTS.all();
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void asksForEverythingWithAValidRequest(Contract contract) throws Exception {
    // when
    byte[] request = RequestBody.ofEverything(contract).filledIn(ADDRESS, RESIDENT, null);

    // then
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(new ClassPathResource(contract.interaction().responderSchema()).getURL())
        .newValidator()
        .validate(new StreamSource(new ByteArrayInputStream(request)));
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void findsTheResidentInItsOwnRequest(Contract contract) throws Exception {
    // given
    byte[] request = RequestBody.ofEverything(contract).filledIn(ADDRESS, RESIDENT, null);

    // when
    ConsumerRequest read = read(contract, new String(request, StandardCharsets.UTF_8));

    // then
    assertThat(read.resident()).isEqualTo(RESIDENT.value());
    assertThat(read.refused()).isFalse();
    assertThat(read.only()).isEqualTo(Selection.EVERYTHING);
    assertThat(read.body().filledIn(ADDRESS, RESIDENT, null)).asString().contains(RESIDENT.value());
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void asksASourceWithTheIdentityOfItsOwnHit(Contract contract) throws Exception {
    // given
    byte[] request = RequestBody.ofEverything(contract).filledIn(ADDRESS, RESIDENT, null);

    // when
    byte[] forwarded =
        read(contract, new String(request, StandardCharsets.UTF_8))
            .body()
            .filledIn(ADDRESS, RESERVE, null);

    // then
    assertThat(forwarded).asString().doesNotContain(RESIDENT.value());
    assertThat(read(contract, new String(forwarded, StandardCharsets.UTF_8)).resident())
        .isEqualTo(RESERVE.value());
    if (contract.request().resident().type() != null) {
      assertThat(forwarded).asString().contains(">1.2.752.129.2.1.2.1<");
    }
  }

  @Test
  void sendsOnWhatItDoesNotKnow() throws Exception {
    // given
    Contract contract = CONTRACTS.named("GetCareDocumentation 3");
    String request =
        """
        <q:GetCareDocumentation xmlns:q="%s" xmlns:d="%s" xmlns:x="urn:x" x:a="1 &lt; 2">
        <q:careUnit><d:root>1.2</d:root><d:extension> SE-UNIT-1 </d:extension></q:careUnit>
        <q:patientId><d:root>1.2.752.129.2.1.3.1</d:root>
        <d:extension>202312302397</d:extension></q:patientId>
        <q:sourceSystemId><d:root>1.2</d:root><d:extension>SE-SYS-1</d:extension></q:sourceSystemId>
        <x:more y="&amp;"><x:deep>å</x:deep></x:more></q:GetCareDocumentation>
        """
            .formatted(contract.interaction().namespace(), contract.core());

    // when
    ConsumerRequest read = read(contract, request);
    byte[] same = read.body().filledIn(ADDRESS, RESIDENT, null);

    // then
    assertThat(read.only())
        .isEqualTo(new Selection(Set.of("SE-SYS-1"), Set.of("SE-UNIT-1"), Set.of()));
    assertThat(
            DiffBuilder.compare(request)
                .withTest(new String(same, StandardCharsets.UTF_8))
                .checkForIdentical()
                .build()
                .getDifferences())
        .isEmpty();
  }

  @Test
  void knowsTheChildThatMeansASingleProducer() throws Exception {
    // given
    Contract contract = CONTRACTS.named("GetCareDocumentation 3");

    // when
    byte[] next = RequestBody.ofEverything(contract).filledIn(ADDRESS, RESIDENT, "page <2>");

    // then
    assertThat(read(contract, new String(next, StandardCharsets.UTF_8)).refused()).isTrue();
    assertThat(next).asString().contains(">page &lt;2&gt;</");
  }

  private static ConsumerRequest read(Contract contract, String request) throws Exception {
    return ConsumerRequest.read(
        Xml.atRoot(
            new ByteArrayInputStream(request.getBytes(StandardCharsets.UTF_8)),
            StandardCharsets.UTF_8),
        Map.of(),
        contract);
  }
}
