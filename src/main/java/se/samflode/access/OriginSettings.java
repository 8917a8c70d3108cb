package se.samflode.access;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which web pages may call the JSON API.
 *
 * @param allowedOrigins exact origins such as {@code https://www.example.se}; none by default, and
 *     never all
 */
@ConfigurationProperties("samflode.access")
public record OriginSettings(@DefaultValue List<String> allowedOrigins) {

  /**
   * Checks each origin.
   *
   * @throws IllegalArgumentException if an origin is not scheme, host and perhaps port
   */
  public OriginSettings {
    allowedOrigins = List.copyOf(allowedOrigins);
    if (!allowedOrigins.stream().allMatch(origin -> origin.matches("https?://[^/*?#@\\s]+"))) {
      throw new IllegalArgumentException(
          "samflode.access.allowed-origins takes origins such as https://www.example.se,"
              + " without path or star");
    }
  }
}
