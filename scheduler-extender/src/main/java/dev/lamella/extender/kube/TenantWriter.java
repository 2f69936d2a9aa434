package dev.lamella.extender.kube;

import dev.lamella.core.api.LamellaApi;
import java.io.IOException;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** Writes tenants' status. */
public final class TenantWriter {

  private final KubeApi api;

  public TenantWriter(KubeApi api) {
    this.api = api;
  }

  /**
   * Writes a tenant's status; a tenant that is gone is left be.
   *
   * @throws IOException if the API server did not take it
   */
  public void write(String tenant, TenantStatus status) throws IOException {
    HttpUrl url =
        api.url("/apis/" + LamellaApi.GROUP + "/" + LamellaApi.VERSION)
            .newBuilder()
            .addPathSegment(LamellaApi.TENANTS)
            .addPathSegment(tenant)
            .addPathSegment("status")
            .build();
    try (Response response = api.mergePatch(url, Map.of("status", status))) {
      if (!response.isSuccessful() && response.code() != 404) {
        throw new IOException("status of tenant " + tenant + ": " + response.code());
      }
    }
  }
}
