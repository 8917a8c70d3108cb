package se.samflode.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import se.samflode.testing.OpenApiContract;
import tools.jackson.databind.JsonNode;

/** The description of messages names what there is; that messages fit it is seen in KafkaIT. */
class AsyncApiTest {

  private final OpenApiContract contract = OpenApiContract.ofMessages();

  @Test
  void namesTheTopicsThatRoutesUse() {
    // when
    List<String> addresses =
        contract
            .document()
            .path("channels")
            .valueStream()
            .map(channel -> channel.path("address").asString())
            .toList();

    // then
    assertThat(addresses)
        .contains(
            KafkaRoutes.CHANGES,
            StoreUpdates.TOPIC + "{sender}",
            "engagement-receipts.v1.{sender}");
  }

  @Test
  void describesEveryMessageOfAChannelByASchema() {
    // given
    JsonNode document = contract.document();

    // then
    assertThat(document.path("channels").valueStream())
        .isNotEmpty()
        .allSatisfy(channel ->
            assertThat(channel.path("messages").valueStream())
                .isNotEmpty()
                .allSatisfy(message ->
                    assertThat(
                            pointed(document, pointed(document, message).path("payload"))
                                .isObject())
                        .isTrue()));
  }

  /** What a reference points to; what is no reference stands for itself. */
  private static JsonNode pointed(JsonNode document, JsonNode node) {
    String reference = node.path("$ref").asString("");
    return reference.startsWith("#") ? document.at(reference.substring(1)) : node;
  }
}
