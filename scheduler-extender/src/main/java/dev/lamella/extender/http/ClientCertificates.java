package dev.lamella.extender.http;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** The certificate that a client opened its connection with. TLS has checked it. */
final class ClientCertificates {

  private ClientCertificates() {}

  static Optional<X509Certificate> of(Request request) {
    Object session = request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
    if (session instanceof EndPoint.SslSessionData data) {
      X509Certificate[] chain = data.peerCertificates();
      return chain == null || chain.length == 0 ? Optional.empty() : Optional.of(chain[0]);
    }
    return Optional.empty();
  }

  /** Common names of its subject. */
  static List<String> names(Request request) {
    List<String> names = new ArrayList<>();
    of(request).ifPresent(certificate -> addNames(certificate, names));
    return names;
  }

  private static void addNames(X509Certificate certificate, List<String> names) {
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          names.add(String.valueOf(part.getValue()));
        }
      }
    } catch (InvalidNameException e) {
      names.clear();
    }
  }
}
