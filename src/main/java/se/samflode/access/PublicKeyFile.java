package se.samflode.access;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.io.Resource;
import se.samflode.config.InvalidFile;

/** Reads an issuer's public key. Stateless. */
final class PublicKeyFile {

  private static final int MAX_BYTES = 16 * 1024;
  private static final int MIN_RSA_BITS = 2048;
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----\\s*");

  private PublicKeyFile() {}

  /**
   * The key of a PEM file.
   *
   * @throws InvalidFile if the file holds no key that we take
   */
  static JWK read(Resource file) {
    String name = file.getDescription();
    try (InputStream in = file.getInputStream()) {
      Matcher pem = PEM.matcher(new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII));
      if (!pem.matches()) {
        throw new InvalidFile(name, "write one key as PEM, with BEGIN PUBLIC KEY");
      }
      return key(name, new X509EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1))));
    } catch (IOException e) {
      throw new InvalidFile(name, "the file cannot be read; check that it exists and may be read");
    } catch (GeneralSecurityException e) {
      throw new InvalidFile(name, "write an RSA key, or an EC key on P-256");
    }
  }

  private static JWK key(String name, X509EncodedKeySpec spec) throws GeneralSecurityException {
    try {
      return rsa(name, (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec));
    } catch (InvalidKeySpecException notRsa) {
      return ec(name, (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(spec));
    }
  }

  private static JWK rsa(String name, RSAPublicKey key) {
    if (key.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new InvalidFile(name, "an RSA key needs at least " + MIN_RSA_BITS + " bits");
    }
    return new RSAKey.Builder(key).build();
  }

  private static JWK ec(String name, ECPublicKey key) {
    if (!Curve.P_256.equals(Curve.forECParameterSpec(key.getParams()))) {
      throw new InvalidFile(name, "an EC key must be on P-256");
    }
    return new ECKey.Builder(Curve.P_256, key).build();
  }
}
