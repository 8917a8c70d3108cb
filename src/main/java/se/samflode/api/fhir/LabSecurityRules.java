package se.samflode.api.fhir;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.OAuth2ProtectedResourceMetadataFilter;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import se.samflode.access.Refusal;
import se.samflode.access.SenderTokens;

/** Who may push results and ask about them: senders, with a token that has the scope for it. */
@Configuration(proxyBeanMethods = false)
class LabSecurityRules {

  static final String METADATA = "/fhir/R4/metadata";

  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE - 100)
  SecurityFilterChain labAccess(HttpSecurity http, SenderTokens senders) {
    DefaultSecurityFilterChain chain =
        http.securityMatcher("/fhir/**", "/labs/**")
            .authorizeHttpRequests(rules ->
                rules
                    .requestMatchers(HttpMethod.GET, METADATA)
                    .permitAll()
                    .anyRequest()
                    .hasAuthority(SenderTokens.PUSHES_RESULTS))
            .oauth2ResourceServer(tokens ->
                tokens
                    .authenticationEntryPoint(LabSecurityRules::unauthenticated)
                    .accessDeniedHandler((request, response, e) -> denied(request, response))
                    .jwt(jwt -> jwt.jwtAuthenticationConverter(senders)))
            .exceptionHandling(errors ->
                errors
                    .authenticationEntryPoint(LabSecurityRules::unauthenticated)
                    .accessDeniedHandler((request, response, e) -> denied(request, response)))
            .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
            .csrf(AbstractHttpConfigurer::disable)
            .formLogin(AbstractHttpConfigurer::disable)
            .httpBasic(AbstractHttpConfigurer::disable)
            .logout(AbstractHttpConfigurer::disable)
            .requestCache(AbstractHttpConfigurer::disable)
            .build();
    // Comes unasked, answers before the rules above are looked at, and claims what we do not do.
    chain.getFilters().removeIf(OAuth2ProtectedResourceMetadataFilter.class::isInstance);
    return chain;
  }

  private static void unauthenticated(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
      throws IOException {
    if (e instanceof Refusal refusal && refusal.reason() == Refusal.Reason.KEYS_UNAVAILABLE) {
      LabResultsController.unavailable(
          request, response, "the issuer's keys cannot be fetched now; send it again");
      return;
    }
    // Bare: error and error_description would tell what is wrong with the token.
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    FhirAnswers.write(
        request,
        response,
        HttpStatus.UNAUTHORIZED,
        FhirAnswers.outcome(
            IssueType.LOGIN,
            "send a bearer token from the configured issuer, for this audience, that has not"
                + " expired, of a client that is listed as a sender"));
  }

  private static void denied(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    FhirAnswers.write(
        request,
        response,
        HttpStatus.FORBIDDEN,
        FhirAnswers.outcome(
            IssueType.FORBIDDEN,
            "ask the issuer for a token with the scope " + SenderTokens.PUSHES_RESULTS));
  }
}
